import { NEVER, of, Subject } from 'rxjs';
import { BulkheadFullError, DefinitionError, run, type Step, StepTimeoutError, step } from 'tutti';
import {
  type Bulkhead,
  type BulkheadOptions,
  bulkhead,
  mapEach,
  named,
  parallel,
  race,
  recover,
  retry,
  sequence,
  timeout,
  values,
} from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

const broken = new RangeError('broken');

/** Nobody is in it. */
const expectEmpty = ({ running, waiting }: Bulkhead): void => expect([running, waiting]).toEqual([0, 0]);

describe('bulkhead', () => {
  it(
    'lets so many run at once, over all runs, and refuses the others',
    marbles((m) => {
      const two = bulkhead({ concurrency: 2 });
      const a = fakeStep(m, 'a', '---(a|)').with(two);
      m.expectRun(run(a, 'x')).toBe('(run> a>) 3ms (a. a| run|)');
      m.expectRun(run(a, 'x'), '-^').toBe('(run> a>) 3ms (a. a| run|)');
      m.expectRun(run(a, 'x'), '--^').toBe('(run> a> a# run#)');
      m.expectRun(run(a, 'x'), '----^').toBe('(run> a>) 3ms (a. a| run|)');
      m.flush();
      expectEmpty(two);
    }),
  );

  it(
    'has a few wait, who begin in the order in which they came',
    marbles((m) => {
      const one = bulkhead({ concurrency: 1, queue: 2 });
      const a = fakeStep(m, 'a', (ms: number) => `${'-'.repeat(ms)}(a|)`).with(one);
      m.expectRun(run(a, 4)).toBe('(run> a>) 4ms (a. a| run|)');
      m.expectRun(run(a, 2), '-^').toBe('(run> a> a=) 3ms a+ 2ms (a. a| run|)');
      m.expectRun(run(a, 1), '--^').toBe('(run> a> a=) 4ms a+ 1ms (a. a| run|)');
      m.expectRun(run(a, 1), '---^').toBe('(run> a> a# run#)');
      m.expectRun(run(a, 1), '-----^').toBe('(run> a> a=) 2ms a+ 1ms (a. a| run|)');
      m.flush();
      expectEmpty(one);
    }),
  );

  it('says how many it has', () => {
    const two = bulkhead({ concurrency: 2, queue: 1 });
    const never = step('never', (_: string) => NEVER).with(two);
    const subscriptions = ['a', 'b', 'c', 'd'].map((input) => run(never, input).subscribe());
    expect([two.running, two.waiting]).toEqual([2, 1]);
    subscriptions[0]?.unsubscribe();
    expect([two.running, two.waiting]).toEqual([2, 0]);
    for (const subscription of subscriptions) subscription.unsubscribe();
    expectEmpty(two);
  });

  it('says how full it is to who is refused', () => {
    const never = step('never', (_: string) => NEVER).with(bulkhead({ concurrency: 1, queue: 0 }));
    run(never, 'x').subscribe();
    const { error } = record(run(never, 'x'));
    expect(error).toBeInstanceOf(BulkheadFullError);
    expect(error).toMatchObject({
      code: 'BULKHEAD_FULL',
      concurrency: 1,
      queue: 0,
      message: 'the bulkhead is full: 1 running, 0 waiting',
    });
  });

  it(
    'tells what is waited for',
    marbles((m) => {
      const shared = bulkhead({ concurrency: 1, queue: 1 });
      const a = fakeStep(m, 'a', '-(a|)').with(shared);
      const done = record(run(parallel([a, a]), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> 0> 1> 1=) 1ms (0. 1+ 0|) 1ms (1. 1| run|)');
      expect(done.all('step.waiting')).toMatchObject([{ wait: { kind: 'event', name: 'bulkhead' } }]);
      expect(done.all('step.resumed')).toMatchObject([{ cause: 'bulkhead' }]);
      expectEmpty(shared);
    }),
  );

  it(
    'frees the slot of one who fails, is cancelled or is unsubscribed, for the next in line',
    marbles((m) => {
      const one = bulkhead({ concurrency: 1, queue: 9 });
      const a = fakeStep(m, 'a', (input: string) => input, { error: broken }).with(one);
      m.expectRun(run(a, '-#')).toBe('(run> a>) 1ms (a# run#)');
      m.expectRun(run(a, '----', { signal: abortAfter(3) })).toBe('(run> a> a=) 1ms a+ 2ms (a! run!)');
      m.expectRun(run(a, '----'), '^---!').toBe('(run> a> a=) 3ms a+');
      m.expectRun(run(a, '-|')).toBe('(run> a> a=) 4ms a+ 1ms (a| run|)');
      m.flush();
      expectEmpty(one);
    }),
  );

  it(
    'lets one who waits leave, and the others move up',
    marbles((m) => {
      const one = bulkhead({ concurrency: 1, queue: 3 });
      const a = fakeStep(m, 'a', '----(a|)');
      const limited = a.with(one);
      m.expectRun(run(limited, 'x')).toBe('(run> a>) 4ms (a. a| run|)');
      m.expectRun(run(limited, 'x', { signal: abortAfter(2) })).toBe('(run> a> a=) 2ms (a! run!)');
      m.expectRun(run(limited, 'x'), '^-!').toBe('(run> a> a=)');
      m.expectRun(run(limited, 'x')).toBe('(run> a> a=) 4ms a+ 4ms (a. a| run|)');
      m.expectRun(run(limited, 'x'), '---^').toBe('(run> a> a=) 5ms a+ 4ms (a. a| run|)');
      m.flush();
      expect(a.calls).toHaveLength(3);
      expectEmpty(one);
    }),
  );

  it(
    'begins nothing in a run that ends: neither who waits behind who is cancelled, nor who waits behind who fails',
    marbles((m) => {
      const one = bulkhead({ concurrency: 1, queue: 9 });
      const a = fakeStep(m, 'a', '---#', { error: broken });
      const limited = a.with(one);
      m.expectRun(run(parallel([limited, limited, limited]), 'x')).toBe(
        '(run> 0> 1> 1= 2> 2=) 3ms (1+ 0# 1! 2! run#)',
      );
      m.expectRun(run(limited, 'x'), '^').toBe('(run> a> a=) 3ms a+ 3ms (a# run#)');
      m.flush();
      m.expectRun(run(parallel([limited, limited]), 'x', { signal: abortAfter(2) })).toBe(
        '(run> 0> 1> 1=) 2ms (0! 1! run!)',
      );
      m.flush();
      expectEmpty(one);
    }),
  );

  it(
    'frees the slot of a loser for its sibling',
    marbles((m) => {
      const one = bulkhead({ concurrency: 1, queue: 9 });
      const slow = fakeStep(m, 'slow', '---------').with(one);
      const quick = fakeStep(m, 'quick', '--(q|)');
      const next = fakeStep(m, 'next', '-(n|)').with(one);
      m.expectRun(run(parallel([race([slow, quick]), next]), 'x')).toBe(
        '(run> 0/slow> 0/quick> 1> 1=) 2ms (0/quick. 0/quick| 1+ 0/slow!) 1ms (1. 1| run|)',
      );
      m.flush();
      expectEmpty(one);
    }),
  );

  it(
    'limits the items of a map, and what is in a bare pipe',
    marbles((m) => {
      const two = bulkhead({ concurrency: 2, queue: Number.POSITIVE_INFINITY });
      const a = fakeStep(m, 'a', '--(a|)').with(two);
      const done = record(run(mapEach(a), [1, 2, 3, 4, 5]));
      m.expect(of('x', 'y').pipe(a, values())).toBeObservable('------a-(a|)');
      m.flush();
      expect(done.end.durationMs).toBe(6);
      expectEmpty(two);
    }),
  );

  it('is of one for each call of `bulkhead`, whatever the steps', () => {
    const shared = bulkhead({ concurrency: 1 });
    const never = step('never', (_: string) => NEVER);
    const length = step('length', (text: string) => text.length);
    run(never.with(shared), 'x').subscribe();
    expect(record(run(length.with(shared), 'x')).error).toBeInstanceOf(BulkheadFullError);
    expect(record(run(length.with(bulkhead({ concurrency: 1 })), 'x')).output).toBe(1);
  });

  it('refuses a step that would wait for itself', () => {
    const shared = bulkhead({ concurrency: 2, queue: 9 });
    const length = step('length', (text: string) => text.length).with(shared);
    for (const inside of [length.with(shared), named('n', sequence(length)).with(shared)]) {
      const { error } = record(run(inside, 'x'));
      expect(error).toBeInstanceOf(DefinitionError);
      expect(error).toMatchObject({ message: expect.stringContaining('would wait for itself') });
    }
    expectEmpty(shared);
  });

  it('frees the slot when what it is around cannot even begin', () => {
    const one = bulkhead({ concurrency: 1 });
    const adapted = step('a', (n: number) => n).using((): number => {
      throw broken;
    });
    expect(record(run(adapted.with(one), 'x')).error).toBe(broken);
    expectEmpty(one);
  });

  it('lets nobody overtake those who wait, though a slot be free while they are being admitted', () => {
    const one = bulkhead({ concurrency: 1, queue: 9 });
    const first = new Subject<string>();
    const begun: string[] = [];
    const limited = step('limited', (name: string) => {
      begun.push(name);
      return name === 'first' ? first : name;
    }).with(one);
    run(limited, 'first').subscribe();
    run(limited, 'second').subscribe({ complete: () => run(limited, 'last').subscribe() });
    run(limited, 'third').subscribe();
    first.complete();
    expect(begun).toEqual(['first', 'second', 'third', 'last']);
    expectEmpty(one);
  });

  it('lets 10,000 runs through one by one, without a deep stack', () => {
    const one = bulkhead({ concurrency: 1, queue: Number.POSITIVE_INFINITY });
    const first = new Subject<number>();
    const begun: number[] = [];
    const limited = step('limited', (n: number) => {
      begun.push(n);
      return n === 0 ? first : n;
    }).with(one);
    let ended = 0;
    for (let n = 0; n < 10_000; n++) run(limited, n).subscribe({ complete: () => ended++ });
    expect([one.running, one.waiting]).toEqual([1, 9_999]);
    first.complete();
    expectEmpty(one);
    expect(ended).toBe(10_000);
    expect(begun).toEqual(Array.from({ length: 10_000 }, (_, n) => n));
  });

  it('lets 10,000 items of one run through one by one', () => {
    const one = bulkhead({ concurrency: 1, queue: Number.POSITIVE_INFINITY });
    const limited = step('limited', (n: number) => Promise.resolve(n)).with(one);
    const items = Array.from({ length: 10_000 }, (_, n) => n);
    return new Promise<void>((resolve) => {
      run(mapEach(limited), items).subscribe({
        complete: () => {
          expectEmpty(one);
          resolve();
        },
      });
    });
  });

  it.each<BulkheadOptions>([
    { concurrency: 0 },
    { concurrency: 1.5 },
    { concurrency: Number.POSITIVE_INFINITY },
    { concurrency: 1, queue: -1 },
    { concurrency: 1, queue: 1.5 },
    { concurrency: 1, queue: Number.NaN },
  ])('refuses %o', (options) => {
    expect(() => bulkhead(options)).toThrow(
      expect.objectContaining({ name: 'DefinitionError', message: expect.stringMatching(/^bulkhead: /) }),
    );
  });

  it('keeps the type of the step', () => {
    const length = step('length', async function* (text: string) {
      yield text;
      return text.length;
    });
    expectTypeOf(length.with(bulkhead({ concurrency: 1 }))).toEqualTypeOf<Step<string, number, string>>();
    expectTypeOf(bulkhead({ concurrency: 1 }).running).toEqualTypeOf<number>();
    // @ts-expect-error: how many?
    () => bulkhead({ queue: 1 });
  });
});

describe('bulkhead, with other policies,', () => {
  it(
    'inside a time-out, the time in the line counts',
    marbles((m) => {
      const one = bulkhead({ concurrency: 1, queue: 9 });
      const a = fakeStep(m, 'a', '----(a|)').with(one, timeout(6));
      const [first, late] = [record(run(a, 'x')), record(run(a, 'x'))];
      m.flush();
      expect(first.events).toBeTimeline('(run> a>) 4ms (a. a| run|)');
      expect(late.events).toBeTimeline('(run> a> a=) 4ms a+ 2ms (a# run#)');
      expect(late.error).toBeInstanceOf(StepTimeoutError);
      expectEmpty(one);
    }),
  );

  it(
    'around a time-out, only the time it runs',
    marbles((m) => {
      const one = bulkhead({ concurrency: 1, queue: 9 });
      const a = fakeStep(m, 'a', '----(a|)').with(timeout(6), one);
      m.expectRun(run(a, 'x')).toBe('(run> a>) 4ms (a. a| run|)');
      m.expectRun(run(a, 'x')).toBe('(run> a> a=) 4ms a+ 4ms (a. a| run|)');
    }),
  );

  it(
    'inside a retry, frees its slot during the delays, and is asked for one again',
    marbles((m) => {
      const one = bulkhead({ concurrency: 1, queue: 9 });
      const a = fakeStep(m, 'a', ['--#', '--(b|)', '-(c|)']).with(one, retry({ delay: 1 }));
      m.expectRun(run(a, 'x')).toBe('(run> a>) 2ms a~ 1ms (a> a=) 1ms a+ 1ms (a. a| run|)');
      m.expectRun(run(a, 'x')).toBe('(run> a> a=) 2ms a+ 2ms (a. a| run|)');
    }),
  );

  it(
    'around a retry, keeps its slot during the delays',
    marbles((m) => {
      const one = bulkhead({ concurrency: 1, queue: 9 });
      const a = fakeStep(m, 'a', ['--#', '--(b|)', '-(c|)']).with(retry({ delay: 1 }), one);
      m.expectRun(run(a, 'x')).toBe('(run> a>) 2ms a~ 1ms a> 2ms (a. a| run|)');
      m.expectRun(run(a, 'x')).toBe('(run> a> a=) 5ms a+ 1ms (a. a| run|)');
    }),
  );

  it(
    'inside a retry, is asked again when it was full',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)').with(
        bulkhead({ concurrency: 1 }),
        retry({ delay: 3, factor: 1 }),
      );
      m.expectRun(run(a, 'x')).toBe('(run> a>) 4ms (a. a| run|)');
      m.expectRun(run(a, 'x')).toBe('(run> a> a~) 3ms (a> a~) 3ms a> 4ms (a. a| run|)');
    }),
  );

  it(
    'inside a recover, gives way to another output when it is full',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)').with(
        bulkhead({ concurrency: 1 }),
        recover(() => 'busy'),
      );
      m.expectRun(run(a, 'x')).toBe('(run> a>) 4ms (a. a| run|)');
      m.expectRun(run(a, 'x')).toBe('(run> a> a< a| run|)');
    }),
  );
});
