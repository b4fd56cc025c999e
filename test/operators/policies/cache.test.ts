import { of, Subject, timer } from 'rxjs';
import { DefinitionError, NonSerializableOutputError, type Policy, run, type Step, step } from 'tutti';
import {
  type CacheOptions,
  cache,
  named,
  parallel,
  race,
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

/** A step that gives how often it was called. */
const counting = (id = 'counting') => {
  let calls = 0;
  return step(id, (_: unknown) => ++calls);
};

/** Runs a step on one input after another. */
const outputs = <O>(cached: Step<unknown, O>, ...inputs: readonly unknown[]): O[] =>
  inputs.map((input) => record(run(cached, input)).output);

describe('cache', () => {
  it(
    'remembers an output by its input, over runs',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--(a|)');
      const cached = a.with(cache());
      m.expectRun(run(cached, 'x')).toBe('(run> a>) 2ms (a. a| run|)');
      m.expectRun(run(cached, 'x'), '---^').toBe('(run> a> a| run|)');
      m.expectRun(run(cached, 'y'), '---^').toBe('(run> a>) 2ms (a. a| run|)');
      m.flush();
      expect(a.calls.map(({ input }) => input)).toEqual(['x', 'y']);
    }),
  );

  it(
    'gives what it remembers at once, in a bare pipe too',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-----(a|)').with(cache());
      m.expect(of('x', 'x', 'x').pipe(a, values())).toBeObservable('-----(aaa|)');
    }),
  );

  it(
    'says where the output came from, and that it cost nothing',
    marbles(() => {
      const paid = step('paid', (_: unknown, { cost }) => {
        cost({ usd: 2 });
        return 'answer';
      });
      const cached = named('n', paid.with(cache()));
      const [first, again] = [record(run(cached, 'x')), record(run(cached, 'x'))];
      const facts = first.all('step.completed').map(({ source, costUsd }) => [source, costUsd]);
      expect(facts).toEqual([
        ['live', 2],
        ['live', 2],
      ]);
      expect(again.all('step.completed')).toMatchObject([
        { path: '/n/paid', source: 'cache', costUsd: 0, durationMs: 0, output: 'answer' },
        { path: '/n', source: 'live', costUsd: 0 },
      ]);
      expect(again.end).toMatchObject({ costUsd: 0, output: 'answer' });
      expect(again.all('step.cost')).toEqual([]);
    }),
  );

  it('takes inputs for the same whose keys are in another order, however deep', () => {
    const cached = counting().with(cache());
    const inputs = [
      { a: 1, b: { c: [{ d: 1, e: 2 }], f: null } },
      { b: { f: null, c: [{ e: 2, d: 1 }] }, a: 1 },
    ];
    expect(outputs(cached, ...inputs)).toEqual([1, 1]);
  });

  it('tells inputs apart that differ in a value, a type or the order of a list', () => {
    const cached = counting().with(cache());
    const inputs = [
      1,
      '1',
      [1],
      [1, 2],
      [2, 1],
      { 0: 1 },
      null,
      undefined,
      'null',
      '',
      {},
      [],
      0,
      -0,
      Number.NaN,
    ];
    expect(new Set(outputs(cached, ...inputs)).size).toBe(inputs.length);
    expect(outputs(cached, ...inputs)).toEqual(inputs.map((_, index) => index + 1));
  });

  it('takes dates, maps, sets, bigints and bytes by their value', () => {
    const cached = counting().with(cache());
    const inputs = () => [new Date(5), new Map([['a', 1]]), new Set([1]), 5n, new Uint8Array([1, 2])];
    expect(outputs(cached, ...inputs(), ...inputs())).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
  });

  it('fails for an input that cannot be written down, unless it is told the key', () => {
    const holding = () => ({ id: 7, call: () => 1 });
    const done = record(run(counting().with(cache()), holding()));
    expect(done.error).toBeInstanceOf(NonSerializableOutputError);
    expect(done.all('step.failed')).toMatchObject([{ path: '/counting' }]);
    const byId = step('byId', ({ id }: { id: number; call: () => number }) => ({ id }));
    const cached = byId.with(cache({ key: ({ id }: { id: number }) => id }));
    expect(record(run(cached, holding())).output).toBe(record(run(cached, holding())).output);
  });

  it('fails with what the key throws', () => {
    const key = (): never => {
      throw broken;
    };
    expect(record(run(counting().with(cache({ key })), 'x')).error).toBe(broken);
  });

  it('remembers undefined, null and a composite', () => {
    const nothing = step('nothing', (_: unknown) => undefined).with(cache());
    record(run(nothing, 'x'));
    expect(record(run(nothing, 'x')).all('step.completed')).toMatchObject([{ source: 'cache' }]);
    const both = parallel({ a: counting(), b: counting() }).with(cache());
    expect(outputs(both, 'x', 'x', 'y')).toEqual([
      { a: 1, b: 1 },
      { a: 1, b: 1 },
      { a: 2, b: 2 },
    ]);
  });

  it('has a memory for each call of `cache`, and keeps steps apart by their ids', () => {
    const shared = cache();
    const [a, b] = [counting('a'), step('b', (_: unknown) => 'b')];
    expect(outputs(a.with(shared), 'x')).toEqual([1]);
    expect(outputs(b.with(shared), 'x')).toEqual(['b']);
    expect(outputs(a.with(shared), 'x')).toEqual([1]);
    expect(outputs(a.with(cache()), 'x')).toEqual([2]);
  });

  it('asks by the raw input where the step adapts it, by the adapted one where the whole is', () => {
    const asked: unknown[] = [];
    const key = (input: unknown) => {
      asked.push(input);
      return 0;
    };
    const upper = (text: string) => text.toUpperCase();
    record(run(counting().using(upper).with(cache({ key })), 'x'));
    record(run(counting().with(cache({ key })).using(upper), 'x'));
    expect(asked).toEqual(['x', 'X']);
  });

  it('remembers the output as it is mapped inside, and maps it anew outside', () => {
    let mapped = 0;
    const map = (n: number) => [n, ++mapped];
    const inside = counting().map(map).with(cache());
    expect(outputs(inside, 'x', 'x')).toEqual([
      [1, 1],
      [1, 1],
    ]);
    const outside = counting().with(cache()).map(map);
    expect(outputs(outside, 'x', 'x')).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });

  it(
    'does not remember a failure',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '-(a|)'], { error: broken });
      const cached = a.with(cache());
      m.expectRun(run(cached, 'x')).toBe('(run> a>) 1ms (a# run#)');
      m.expectRun(run(cached, 'x'), '--^').toBe('(run> a>) 1ms (a. a| run|)');
      m.expectRun(run(cached, 'x'), '----^').toBe('(run> a> a| run|)');
    }),
  );

  it(
    'does not remember what was cut short',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--(a|)');
      const cached = a.with(cache());
      m.expectRun(run(cached, 'x'), '^!').toBe('(run> a>)');
      m.expectRun(run(cached, 'x', { signal: abortAfter(3) }), '--^').toBe('(run> a>) 1ms (a! run!)');
      m.expectRun(run(cached, 'x'), '----^').toBe('(run> a>) 2ms (a. a| run|)');
      m.flush();
      expect(a.calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled', 'completed']);
    }),
  );

  it(
    'remembers what a retry inside came to, and tries again around it',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '-(a|)']);
      const again = retry({ delay: 2 });
      m.expectRun(run(a.with(again, cache()), 'x')).toBe('(run> a>) 1ms a~ 2ms a> 1ms (a. a| run|)');
      const b = fakeStep(m, 'b', ['-#', '-(b|)']).with(cache(), again);
      m.expectRun(run(b, 'x')).toBe('(run> b>) 1ms b~ 2ms b> 1ms (b. b| run|)');
      m.expectRun(run(b, 'x'), '-----^').toBe('(run> b> b| run|)');
    }),
  );

  it.each<CacheOptions>([
    { max: 0 },
    { max: -1 },
    { max: 1.5 },
    { max: Number.NaN },
    { ttl: -1 },
    { ttl: 'soon' },
  ])('refuses %o', (options) => {
    expect(() => cache(options)).toThrow(DefinitionError);
  });

  it('keeps the type of the step, whose input the key takes', () => {
    const length = step('length', (text: string) => text.length);
    expectTypeOf(length.with(cache())).toEqualTypeOf<Step<string, number>>();
    expectTypeOf(length.with(cache({ key: (text: string) => text }))).toEqualTypeOf<Step<string, number>>();
    expectTypeOf(cache()).toExtend<Policy>();
    // @ts-expect-error: the input is a text
    () => length.with(cache({ key: ({ id }: { id: number }) => id }));
    // @ts-expect-error: it takes no number
    () => run(length.with(cache()), 1);
    // @ts-expect-error: there is no such option
    () => cache({ size: 5 });
  });
});

describe('cache, its memory,', () => {
  it(
    'lasts for `ttl` on the clock of the run, from time 0 on',
    marbles((m) => {
      const cached = counting().with(cache({ ttl: 10 }));
      const at = (ms: number) => m.expectRun(run(cached, 'x'), `${ms}ms ^`);
      const seen: [number, number][] = [];
      for (const ms of [0, 9, 10, 11, 21, 22])
        timer(ms).subscribe(() => {
          seen.push([ms, record(run(cached, 'x')).output]);
        });
      at(0).toBe('(run> counting> counting| run|)');
      m.flush();
      expect(seen).toEqual([
        [0, 1],
        [9, 1],
        [10, 1],
        [11, 2],
        [21, 2],
        [22, 3],
      ]);
    }),
  );

  it(
    'counts from when the output was there, not from when it was asked for, nor asked for again',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-----(a|)').with(cache({ ttl: '0.01s' }));
      m.expectRun(run(a, 'x')).toBe('(run> a>) 5ms (a. a| run|)');
      m.expectRun(run(a, 'x'), '14ms ^').toBe('(run> a> a| run|)');
      m.expectRun(run(a, 'x'), '16ms ^').toBe('(run> a>) 5ms (a. a| run|)');
    }),
  );

  it(
    'is none with a ttl of 0, but for those who wait already',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--(a|)');
      const cached = a.with(cache({ ttl: 0 }));
      m.expectRun(run(parallel([cached, cached]), 'x')).toBe('(run> 0> 1>) 2ms (0. 0| 1| run|)');
      m.expectRun(run(cached, 'x'), '---^').toBe('(run> a>) 2ms (a. a| run|)');
      m.flush();
      expect(a.calls).toHaveLength(2);
    }),
  );

  it(
    'lasts for a part of a millisecond',
    marbles((m) => {
      const a = fakeStep(m, 'a', '(a|)').with(cache({ ttl: 0.5 }));
      m.expectRun(run(a, 'x')).toBe('(run> a> a. a| run|)');
      m.expectRun(run(a, 'x'), '--^').toBe('(run> a> a. a| run|)');
    }),
  );

  it('holds `max` outputs, and lets the least recently used go first', () => {
    const cached = counting().with(cache({ max: 2 }));
    expect(outputs(cached, 'a', 'b', 'a', 'c', 'a', 'b')).toEqual([1, 2, 1, 3, 1, 4]);
  });

  it('holds 1,000 outputs by default', () => {
    const cached = counting().with(cache());
    const inputs = Array.from({ length: 1000 }, (_, i) => i);
    outputs(cached, ...inputs);
    expect(outputs(cached, 0, 1000, 0, 1)).toEqual([1, 1001, 1, 1002]);
  });
});

describe('cache, while an answer is being made,', () => {
  it(
    'lets one of two runs make it, and the other wait for it',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-a--(b|)');
      const cached = a.with(cache());
      const [first, waiting] = [record(run(cached, 'x')), record(run(cached, 'x'))];
      m.expectRun(run(cached, 'x'), '--^').toBe('(run> a>) 2ms (a| run|)');
      m.flush();
      expect(first.events).toBeTimeline('(run> a>) 1ms a. 3ms (a. a| run|)');
      expect(first.all('step.completed')).toMatchObject([{ source: 'live' }]);
      expect(a.calls).toHaveLength(1);
      expect(waiting.output).toBe('b');
      expect(waiting.all('step.completed')).toMatchObject([{ source: 'cache', costUsd: 0 }]);
    }),
  );

  it(
    'lets one of several in one run make it, for all of them',
    marbles((m) => {
      const paid = step('paid', (text: string, { cost }) => {
        cost({ usd: 1 });
        return m.cold('--(a|)', { a: text });
      }).with(cache());
      const done = record(run(parallel([paid, paid, paid.using((text: string) => `${text}!`)]), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> 0> 0$ 1> 2> 2$) 2ms (0. 0| 1| 2. 2| run|)');
      expect(done.output).toEqual(['x', 'x', 'x!']);
      expect(done.end.costUsd).toBe(2);
    }),
  );

  it(
    'shares a failure with those who wait, and forgets it',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['--#', '-(a|)'], { error: broken });
      const cached = a.with(cache());
      const [first, waiting] = [record(run(cached, 'x')), record(run(cached, 'x'))];
      m.expectRun(run(cached, 'x'), '---^').toBe('(run> a>) 1ms (a. a| run|)');
      m.flush();
      expect(waiting.events).toBeTimeline('(run> a>) 2ms (a# run#)');
      expect([first.error, waiting.error]).toEqual([broken, broken]);
      expect(waiting.error).toBe(broken);
      expect(a.calls).toHaveLength(2);
    }),
  );

  it(
    'lets each who waits try again on its own account',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['--#', '-(a|)']);
      const cached = a.with(cache(), retry({ delay: 3 }));
      const both = [record(run(cached, 'x')), record(run(cached, 'x'))];
      m.flush();
      expect(both.map(({ output }) => output)).toEqual(['a', 'a']);
      expect(both.map(({ end }) => end.durationMs)).toEqual([6, 6]);
      expect(a.calls).toHaveLength(2);
    }),
  );

  it(
    'has the next who waits make it, when the one who does is cancelled',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      const cached = a.with(cache());
      m.expectRun(run(cached, 'x', { signal: abortAfter(2) })).toBe('(run> a>) 2ms (a! run!)');
      m.expectRun(run(cached, 'x'), '-^').toBe('(run> a>) 5ms (a. a| run|)');
      m.expectRun(run(cached, 'x'), '-^').toBe('(run> a>) 5ms (a| run|)');
      m.flush();
      expect(a.calls).toMatchObject([
        { startedAt: 0, endedAt: 2, outcome: 'cancelled' },
        { startedAt: 2, endedAt: 6, outcome: 'completed' },
      ]);
    }),
  );

  it(
    'has the next who waits make it, when the one who does is unsubscribed, and then the next',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      const cached = a.with(cache());
      m.expectRun(run(cached, 'x'), '^--!').toBe('(run> a>)');
      m.expectRun(run(cached, 'x'), '^-----!').toBe('(run> a>)');
      m.expectRun(run(cached, 'x')).toBe('(run> a>) 10ms (a. a| run|)');
      m.flush();
      expect(a.calls.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([
        [0, 3],
        [3, 6],
        [6, 10],
      ]);
    }),
  );

  it(
    'has the next in the same run make it, when a time-out or a sibling cancels the one who does',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      const cached = a.with(cache());
      const failing = fakeStep(m, 'failing', '-#');
      const both = parallel(
        { left: named('left', parallel([cached, failing])), right: cached },
        { failure: 'settle' },
      );
      m.expectRun(run(both, 'x')).toBe(
        '(run> left> left/0> left/1> right>) 1ms (left/1# left/0! left#) 4ms (right. right| run|)',
      );
      m.flush();
      expect(a.calls).toMatchObject([
        { endedAt: 1, outcome: 'cancelled' },
        { startedAt: 1, outcome: 'completed' },
      ]);
    }),
  );

  it(
    'ends with the last who waited, and begins anew for who comes after',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      const cached = a.with(cache());
      m.expectRun(run(cached, 'x'), '^--!').toBe('(run> a>)');
      m.expectRun(run(cached, 'x'), '^-!').toBe('(run> a>)');
      m.expectRun(run(cached, 'x'), '-----^').toBe('(run> a>) 4ms (a. a| run|)');
      m.flush();
      expect(a.calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'completed']);
    }),
  );

  it(
    'leaves the others alone when one who waits gives up',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      const cached = a.with(cache());
      m.expectRun(run(cached, 'x')).toBe('(run> a>) 4ms (a. a| run|)');
      m.expectRun(run(cached, 'x', { signal: abortAfter(2) })).toBe('(run> a>) 2ms (a! run!)');
      m.expectRun(run(cached, 'x'), '^-!').toBe('(run> a>)');
      m.expectRun(run(cached, 'x')).toBe('(run> a>) 4ms (a| run|)');
      m.flush();
      expect(a.calls).toHaveLength(1);
    }),
  );

  it(
    'lets a race among those who wait end as any other',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--(a|)');
      const cached = a.with(cache());
      const done = record(run(race([cached, cached]), 'x'));
      m.flush();
      expect(done.output).toBe('a');
      expect(a.calls).toMatchObject([{ outcome: 'completed' }]);
    }),
  );

  it('may be asked again by who is being served', () => {
    const answer = new Subject<string>();
    let calls = 0;
    const slow = step('slow', (_: string) => {
      calls++;
      return answer;
    }).with(cache());
    const first = record(run(slow, 'x'));
    const twice = record(
      run(
        sequence(
          slow,
          slow.using((_: string) => 'x'),
        ),
        'x',
      ),
    );
    answer.next('a');
    answer.complete();
    expect([first.output, twice.output]).toEqual(['a', 'a']);
    expect(calls).toBe(1);
  });
});

describe('cache, shared by steps of one id,', () => {
  it('tells those apart that differ in an adapter, and not those that differ in their policies', () => {
    let calls = 0;
    const ask = step('ask', (topic: string) => {
      calls++;
      return { title: topic, body: `${topic}!` };
    });
    const shared = cache();
    const title = ask.map((answer) => answer.title).with(shared);
    const body = ask.map((answer) => answer.body).with(shared);
    expect(record(run(parallel({ title, body }), 'x')).output).toEqual({ title: 'x', body: 'x!' });
    expect(calls).toBe(2);
    expect(record(run(ask.with(timeout('1s'), shared), 'y')).output).toEqual({ title: 'y', body: 'y!' });
    expect(record(run(ask.with(timeout('1s'), shared), 'y')).output).toEqual({ title: 'y', body: 'y!' });
    expect(calls).toBe(3);
  });

  it('does not wait for itself around itself, whatever is between', () => {
    const shared = cache();
    const once = counting();
    const twice = once.with(shared, retry({ maxRetries: 1 }), shared);
    expect(outputs(twice, 'x', 'x', 'y')).toEqual([1, 1, 2]);
    expect(outputs(once.with(shared), 'x')).toEqual([1]);
  });
});
