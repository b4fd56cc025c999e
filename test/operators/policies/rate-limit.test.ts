import { of } from 'rxjs';
import { RateLimitError, run, type Step, step } from 'tutti';
import {
  cache,
  fallback,
  mapEach,
  parallel,
  type RateLimitOptions,
  rateLimit,
  retry,
  timeout,
  values,
} from 'tutti/operators';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';
import { Timers } from '../timers.ts';

const broken = new RangeError('broken');
const length = step('length', (text: string) => text.length);

/** When runs begin that come at these times, in milliseconds; nothing for those that are refused. */
function begins(
  m: MarblesContext,
  options: RateLimitOptions<string>,
  times: readonly number[],
  keys: readonly string[] = [],
): (number | undefined)[] {
  const startedAt = m.scheduler.now();
  const begun: (number | undefined)[] = times.map(() => undefined);
  const limited = step('a', (index: string) => {
    begun[Number.parseInt(index, 10)] = m.scheduler.now() - startedAt;
  }).with(rateLimit(options));
  times.forEach((time, index) => {
    m.scheduler.schedule(() => run(limited, `${index}${keys[index] ?? ''}`).subscribe(), time);
  });
  m.flush();
  return begun;
}

describe('rateLimit', () => {
  it(
    'lets so many begin, and has the others wait, in the order in which they came',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-(a|)').with(rateLimit({ limit: 2, per: 10 }));
      m.expectRun(run(a, 'x')).toBe('(run> a>) 1ms (a. a| run|)');
      m.expectRun(run(a, 'x'), '---^').toBe('(run> a>) 1ms (a. a| run|)');
      m.expectRun(run(a, 'x'), '----^').toBe('(run> a> a=) 6ms a+ 1ms (a. a| run|)');
      m.expectRun(run(a, 'x'), '-----^').toBe('(run> a> a=) 8ms a+ 1ms (a. a| run|)');
      m.expectRun(run(a, 'x'), '------^').toBe('(run> a> a=) 14ms a+ 1ms (a. a| run|)');
    }),
  );

  it(
    'tells until when it waits',
    marbles((m) => {
      const a = length.with(rateLimit({ limit: 2, per: '1s' }));
      const done = record(run(mapEach(a), ['a', 'b', 'c', 'd', 'e']));
      m.flush();
      expect(done.all('step.waiting').map(({ wait }) => wait)).toEqual(
        [1000, 1000, 2000].map((dueAt) => ({ kind: 'timer', name: 'rateLimit', dueAt })),
      );
      expect(done.all('step.resumed').map(({ at, cause }) => [at, cause])).toEqual([
        [1000, 'rateLimit'],
        [1000, 'rateLimit'],
        [2000, 'rateLimit'],
      ]);
      expect(done.output).toEqual([1, 1, 1, 1, 1]);
    }),
  );

  it(
    'never lets more than `limit` begin in any `per`, with a window',
    marbles((m) => {
      const times = [0, 9, 9, 10, 11, 19, 30];
      expect(begins(m, { limit: 2, per: 10 }, times)).toEqual([0, 9, 10, 19, 20, 29, 30]);
    }),
  );

  it(
    'spreads them evenly after the first `limit`, with a token bucket',
    marbles((m) => {
      const options = { limit: 3, per: 12, algorithm: 'token-bucket' } as const;
      expect(begins(m, options, [0, 0, 0, 0, 0, 1])).toEqual([0, 0, 0, 4, 8, 12]);
      expect(begins(m, options, [0, 0, 0, 4, 4, 30, 30, 30, 30])).toEqual([0, 0, 0, 4, 8, 30, 30, 30, 34]);
      expect(begins(m, { ...options, per: 10 }, [0, 0, 0, 0, 0, 0])).toEqual([0, 0, 0, 4, 7, 10]);
      expect(begins(m, { ...options, per: 1000 }, [0, 0, 0, 0, 0, 0])).toEqual([0, 0, 0, 334, 667, 1000]);
    }),
  );

  it(
    'limits each key by itself',
    marbles((m) => {
      const options = { limit: 1, per: 10, key: (text: string) => text.slice(1) };
      const keys = ['a', 'b', 'a', 'b', 'c'];
      expect(begins(m, options, [0, 0, 1, 2, 3], keys)).toEqual([0, 0, 10, 10, 3]);
    }),
  );

  it(
    'refuses instead, and says for how long',
    marbles((m) => {
      const calm = rateLimit({ limit: 1, per: 10, key: (text: string) => text, whenExceeded: 'refuse' });
      const limited = length.with(calm);
      expect(record(run(limited, 'abc')).output).toBe(3);
      m.scheduler.schedule(() => {
        const done = record(run(limited, 'abc'));
        expect(done.events).toBeTimeline('(run> length> length# run#)');
        expect(done.error).toBeInstanceOf(RateLimitError);
        expect(done.error).toMatchObject({
          code: 'RATE_LIMIT',
          key: 'abc',
          retryAfterMs: 6,
          message: 'rate limit reached for abc, for 6 ms more',
        });
        expect(record(run(limited, 'x')).output).toBe(1);
      }, 4);
      m.scheduler.schedule(() => expect(record(run(limited, 'abc')).output).toBe(3), 10);
      m.flush();
    }),
  );

  it(
    'refuses evenly with a token bucket',
    marbles((m) => {
      const options = { limit: 2, per: 10, algorithm: 'token-bucket', whenExceeded: 'refuse' } as const;
      const times = [0, 0, 0, 4, 5, 6, 10];
      expect(begins(m, options, times)).toEqual([0, 0, undefined, undefined, 5, undefined, 10]);
    }),
  );

  it(
    'does not count who was refused or gave up, but who has begun',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-----').with(rateLimit({ limit: 1, per: 10 }));
      m.expectRun(run(a, 'x', { signal: abortAfter(2) })).toBe('(run> a>) 2ms (a! run!)');
      m.expectRun(run(a, 'x', { signal: abortAfter(5) })).toBe('(run> a> a=) 5ms (a! run!)');
      m.expectRun(run(a, 'x'), '^-----!').toBe('(run> a> a=)');
      m.expectRun(run(a, 'x'), '^-----------!').toBe('(run> a> a=) 10ms a+');
      m.flush();
    }),
  );

  it(
    'lets the others move up when the first in line gives up, whoever it is that sets the timer',
    marbles((m) => {
      const scheduler = new Timers();
      const a = fakeStep(m, 'a', '-(a|)').with(rateLimit({ limit: 1, per: 10 }));
      m.expectRun(run(a, 'x', { scheduler })).toBe('(run> a>) 1ms (a. a| run|)');
      m.expectRun(run(a, 'x', { scheduler, signal: abortAfter(4) })).toBe('(run> a> a=) 4ms (a! run!)');
      m.expectRun(run(a, 'x', { scheduler }), '^------!').toBe('(run> a> a=)');
      m.expectRun(run(a, 'x', { scheduler })).toBe('(run> a> a=) 10ms a+ 1ms (a. a| run|)');
      m.flush();
      expect(scheduler.pending).toBe(0);
      expect(m.scheduler.now()).toBe(11);
    }),
  );

  it(
    'sets one timer, however many wait, and leaves none behind',
    marbles((m) => {
      const scheduler = new Timers();
      const a = fakeStep(m, 'a', '-(a|)').with(rateLimit({ limit: 1, per: 10 }));
      const subscriptions = Array.from({ length: 9 }, () => run(a, 'x', { scheduler }).subscribe());
      expect(scheduler.pending).toBe(1);
      for (const subscription of subscriptions) subscription.unsubscribe();
      expect(scheduler.pending).toBe(0);
      m.expectRun(run(parallel([a, a, a]), 'x', { signal: abortAfter(3), scheduler })).toBe(
        '(run> 0> 0= 1> 1= 2> 2=) 3ms (0! 1! 2! run!)',
      );
      m.flush();
      expect(scheduler.pending).toBe(0);
    }),
  );

  it(
    'shares its limits among all steps it is applied to, and with no other call of it',
    marbles((m) => {
      const calm = rateLimit({ limit: 1, per: 10 });
      const [a, b] = [fakeStep(m, 'a', '(a|)'), fakeStep(m, 'b', '(b|)')];
      m.expectRun(run(parallel({ a: a.with(calm), b: b.with(calm) }), 'x')).toBe(
        '(run> a> b> b= a. a|) 10ms (b+ b. b| run|)',
      );
      m.expectRun(run(a.with(rateLimit({ limit: 1, per: 10 })), 'x')).toBe('(run> a> a. a| run|)');
    }),
  );

  it(
    'holds in a bare pipe',
    marbles((m) => {
      m.expect(of('x', 'y').pipe(length.with(rateLimit({ limit: 1, per: 4 })), values())).toBeObservable(
        'a---(a|)',
        { a: 1 },
      );
    }),
  );

  it('fails with what the key throws, and with what it is around', () => {
    const key = (): never => {
      throw broken;
    };
    expect(record(run(length.with(rateLimit({ limit: 1, per: 1, key })), 'x')).error).toBe(broken);
    const failing = step('failing', () => {
      throw broken;
    });
    expect(record(run(failing.with(rateLimit({ limit: 1, per: 1 })), 'x')).error).toBe(broken);
  });

  it(
    'lets 10,000 runs of one moment through, at no deep stack',
    marbles((m) => {
      const limited = length.with(rateLimit({ limit: 5000, per: 10 }));
      let done = 0;
      for (let i = 0; i < 15_000; i++) run(limited, 'x').subscribe({ complete: () => done++ });
      expect(done).toBe(5000);
      m.flush();
      expect(done).toBe(15_000);
      expect(m.scheduler.now()).toBe(20);
    }),
  );

  it.each<RateLimitOptions>([
    { limit: 0, per: 1 },
    { limit: 1.5, per: 1 },
    { limit: Number.POSITIVE_INFINITY, per: 1 },
    { limit: 1, per: 0 },
    { limit: 1, per: 'day' },
    { limit: 1, per: 1, algorithm: 'bucket' as 'window' },
    { limit: 1, per: 1, whenExceeded: 'fail' as 'refuse' },
  ])('refuses %o', (options) => {
    expect(() => rateLimit(options)).toThrow(
      expect.objectContaining({ name: 'DefinitionError', message: expect.stringMatching(/^rateLimit: /) }),
    );
  });

  it('keeps the type of the step, and types the key by its input', () => {
    const options = { limit: 1, per: 1 } as const;
    expectTypeOf(length.with(rateLimit(options))).toEqualTypeOf<Step<string, number>>();
    const byUser = step('byUser', ({ user }: { user: string }) => user);
    expectTypeOf(
      byUser.with(rateLimit({ ...options, key: ({ user }: { user: string }) => user })),
    ).toEqualTypeOf<Step<{ user: string }, string>>();
    // @ts-expect-error: the step takes a text
    () => length.with(rateLimit({ ...options, key: (n: number) => String(n) }));
    // @ts-expect-error: there is no such algorithm
    () => rateLimit({ ...options, algorithm: 'leaky' });
  });
});

describe('rateLimit, with other policies,', () => {
  const calm = () => rateLimit({ limit: 1, per: 5 });

  it(
    'inside a retry, counts every attempt',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '-(b|)']).with(calm(), retry({ delay: 1 }));
      m.expectRun(run(a, 'x')).toBe('(run> a>) 1ms a~ 1ms (a> a=) 3ms a+ 1ms (a. a| run|)');
    }),
  );

  it(
    'around a retry, only the first',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '-(b|)']).with(retry({ delay: 1 }), calm());
      m.expectRun(run(a, 'x')).toBe('(run> a>) 1ms a~ 1ms a> 1ms (a. a| run|)');
    }),
  );

  it(
    'that refuses, inside a retry, is asked again when it said it would let it begin',
    marbles((m) => {
      const refusing = rateLimit({ limit: 1, per: 7, whenExceeded: 'refuse' });
      const a = fakeStep(m, 'a', '-(a|)').with(refusing, retry({ delay: 1 }));
      m.expectRun(run(a, 'x')).toBe('(run> a>) 1ms (a. a| run|)');
      m.expectRun(run(a, 'x')).toBe('(run> a> a~) 7ms a> 1ms (a. a| run|)');
    }),
  );

  it(
    'inside a time-out, the wait counts; around one, it does not',
    marbles((m) => {
      const inside = fakeStep(m, 'a', '---(a|)').with(calm(), timeout(4));
      m.expectRun(run(inside, 'x')).toBe('(run> a>) 3ms (a. a| run|)');
      m.expectRun(run(inside, 'x')).toBe('(run> a> a=) 4ms (a# run#)');
      const around = fakeStep(m, 'b', '---(b|)').with(timeout(4), calm());
      m.expectRun(run(around, 'x')).toBe('(run> b>) 3ms (b. b| run|)');
      m.expectRun(run(around, 'x')).toBe('(run> b> b=) 5ms b+ 3ms (b. b| run|)');
    }),
  );

  it(
    'inside a cache, does not count what is remembered',
    marbles((m) => {
      const a = fakeStep(m, 'a', '(a|)').with(calm(), cache());
      m.expectRun(run(a, 'x')).toBe('(run> a> a. a| run|)');
      m.expectRun(run(a, 'x'), '-^').toBe('(run> a> a| run|)');
      m.expectRun(run(a, 'y'), '-^').toBe('(run> a> a=) 4ms (a+ a. a| run|)');
    }),
  );

  it(
    'that refuses, inside a fallback, gives way',
    marbles((m) => {
      const refusing = rateLimit({ limit: 1, per: 9, whenExceeded: 'refuse' });
      const a = fakeStep(m, 'a', '(a|)').with(refusing, fallback(fakeStep(m, 'f', '-(f|)')));
      m.expectRun(run(a, 'x')).toBe('(run> a> a. a| run|)');
      m.expectRun(run(a, 'x')).toBe(
        '(run> a> a< a/!fallback:f>) 1ms (a/!fallback:f. a/!fallback:f| a| run|)',
      );
    }),
  );
});
