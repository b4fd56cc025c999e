import { NEVER, of } from 'rxjs';
import {
  DefinitionError,
  MaxStepsError,
  type Policy,
  RunCancelledError,
  run,
  type Step,
  StepFailedError,
  StepTimeoutError,
  step,
} from 'tutti';
import {
  budget,
  bulkhead,
  cache,
  fallback,
  type HedgeOptions,
  hedge,
  mapEach,
  named,
  parallel,
  partials,
  recover,
  retry,
  timeout,
  values,
} from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';
import { Timers } from '../timers.ts';

const broken = new RangeError('broken');

describe('hedge', () => {
  it(
    'does nothing for a step that answers in time, and sets no timer for one that answers at once',
    marbles((m) => {
      const scheduler = new Timers();
      const a = fakeStep(m, 'a', '---(a|)');
      m.expectRun(run(a.with(hedge({ after: 3 })), 'x', { scheduler })).toBe('(run> a>) 3ms (a. a| run|)');
      m.expect(of('x', 'y').pipe(a.with(hedge({ after: 9 })), values())).toBeObservable('---a--(a|)');
      const length = step('length', (text: string) => text.length);
      m.expectRun(run(length.with(hedge({ after: 0 })), 'x', { scheduler })).toBe(
        '(run> length> length| run|)',
      );
      m.flush();
      expect(scheduler.pending).toBe(0);
    }),
  );

  it(
    'starts a second attempt after a delay, and takes the first answer',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['---------(a|)', '--(b|)']);
      const done = record(run(a.with(hedge({ after: 4 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a>) 4ms a/!hedge2> 2ms (a/!hedge2. a/!hedge2| a| run|)');
      expect(done.output).toBe('b');
      expect(a.calls).toMatchObject([
        { path: '/a', input: 'x', endedAt: 6, outcome: 'cancelled' },
        { path: '/a/!hedge2', input: 'x', startedAt: 4, outcome: 'completed' },
      ]);
    }),
  );

  it(
    'cancels the hedge when the first attempt answers after all',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['------(a|)', '-----(b|)']);
      const done = record(run(a.with(hedge({ after: 4 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a>) 4ms a/!hedge2> 2ms (a/!hedge2! a. a| run|)');
      expect(done.output).toBe('a');
      expect(done.all('step.cancelled')).toMatchObject([{ reason: 'another attempt answered first' }]);
      expect(a.calls[1]).toMatchObject({ endedAt: 6, outcome: 'cancelled' });
    }),
  );

  it(
    "aborts the loser's signal, and counts what it cost, whoever it is",
    marbles((m) => {
      const reasons: unknown[] = [];
      const paid = (slow: number) =>
        step('paid', (_: string, { cost, signal, path }) => {
          cost({ usd: 1 });
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason);
            cost({ usd: 2 });
          });
          return path === '/paid' ? m.cold(`${'-'.repeat(slow)}(a|)`) : m.cold('---(b|)');
        }).with(hedge({ after: 2 }));
      const hedgeWins = record(run(paid(8), 'x'));
      const firstWins = record(run(paid(3), 'x'));
      m.flush();
      expect(hedgeWins.output).toBe('b');
      expect(firstWins.output).toBe('a');
      expect(hedgeWins.end.costUsd).toBe(4);
      expect(hedgeWins.all('step.completed')).toMatchObject([
        { step: 'paid!hedge2', costUsd: 1 },
        { step: 'paid', costUsd: 4, source: 'live' },
      ]);
      expect(firstWins.end.costUsd).toBe(4);
      expect(reasons).toEqual([expect.any(RunCancelledError), expect.any(RunCancelledError)]);
    }),
  );

  it(
    'may start more, each after the same delay',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['---------', '---------', '--(c|)']);
      m.expectRun(run(a.with(hedge({ after: 3, max: 3 })), 'x')).toBe(
        '(run> a>) 3ms a/!hedge2> 3ms a/!hedge3> 2ms (a/!hedge3. a/!hedge2! a/!hedge3| a| run|)',
      );
    }),
  );

  it(
    'starts both at once after 0 ms',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['---(a|)', '--(b|)']);
      m.expectRun(run(a.with(hedge({ after: 0 })), 'x')).toBe(
        '(run> a> a/!hedge2>) 2ms (a/!hedge2. a/!hedge2| a| run|)',
      );
    }),
  );

  it(
    'follows a failure with the next attempt at once, and says so',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['--#', '-#', '---(c|)'], { error: broken });
      const done = record(run(a.with(hedge({ after: 9, max: 3 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        `(run> a>) 2ms (a:log a/!hedge2>) 1ms (a/!hedge2# a/!hedge3>)
         3ms (a/!hedge3. a/!hedge3| a| run|)`,
      );
      expect(done.all('step.log')).toMatchObject([
        {
          path: '/a',
          level: 'warn',
          message: 'the first attempt failed: broken',
          error: { name: 'RangeError', message: 'broken' },
        },
      ]);
    }),
  );

  it(
    'waits for the others when the last to start fails',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['------(a|)', '-#'], { error: broken });
      m.expectRun(run(a.with(hedge({ after: 2 })), 'x')).toBe(
        '(run> a>) 2ms a/!hedge2> 1ms a/!hedge2# 3ms (a. a| run|)',
      );
      const b = fakeStep(m, 'b', ['---#', '--(b|)'], { error: broken });
      m.expectRun(run(b.with(hedge({ after: 2 })), 'x')).toBe(
        '(run> b>) 2ms b/!hedge2> 1ms b:log 1ms (b/!hedge2. b/!hedge2| b| run|)',
      );
    }),
  );

  it(
    'fails with the last failure when all fail',
    marbles((m) => {
      const failing = step('failing', (_: string, { path }) =>
        path === '/failing' ? m.cold('--#', {}, broken) : m.cold('---#', {}, new TypeError('hedge')),
      );
      const done = record(run(failing.with(hedge({ after: 1 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> failing>) 1ms failing/!hedge2> 1ms failing:log 2ms (failing/!hedge2# failing# run#)',
      );
      expect(done.error).toMatchObject({ name: 'TypeError' });
    }),
  );

  it(
    'fails at once where all fail at once',
    marbles(() => {
      const failing = step('failing', () => {
        throw broken;
      });
      const done = record(run(failing.with(hedge({ after: 5, max: 3 })), 'x'));
      expect(done.events).toBeTimeline(
        `(run> failing> failing:log failing/!hedge2> failing/!hedge2# failing/!hedge3> failing/!hedge3#
          failing# run#)`,
      );
      expect(done.error).toBe(broken);
    }),
  );

  it(
    'fails with what another attempt would not mend, and ends the others',
    marbles((m) => {
      const notFound = Object.assign(new Error('not found'), { status: 404 });
      const a = fakeStep(m, 'a', ['-----', '--#'], { error: notFound });
      const done = record(run(a.with(hedge({ after: 1, max: 3 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> a>) 1ms a/!hedge2> 1ms a/!hedge3> 1ms (a/!hedge2# a/!hedge3! a# run#)',
      );
      expect(done.error).toBe(notFound);
    }),
  );

  it(
    'takes a first partial for an answer: no hedge is started, or none goes on',
    marbles((m) => {
      const early = fakeStep(m, 'early', '--a-----(b|)');
      m.expectRun(run(early.with(hedge({ after: 4 })), 'x')).toBe(
        '(run> early>) 2ms early. 6ms (early. early| run|)',
      );
      const late = fakeStep(m, 'late', ['-----a----(b|)', '----']);
      m.expectRun(run(late.with(hedge({ after: 4 })), 'x')).toBe(
        '(run> late>) 4ms late/!hedge2> 1ms (late/!hedge2! late.) 5ms (late. late| run|)',
      );
      const second = fakeStep(m, 'second', ['---------', '-a----(b|)']);
      m.expectRun(run(second.with(hedge({ after: 4, max: 3 })), 'x')).toBe(
        `(run> second>) 4ms second/!hedge2> 1ms second/!hedge2. 5ms
         (second/!hedge2. second/!hedge2| second| run|)`,
      );
      m.flush();
      expect(second.calls).toMatchObject([{ endedAt: 5, outcome: 'cancelled' }, { outcome: 'completed' }]);
    }),
  );

  it(
    'fails when the attempt that has begun to answer fails',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-a--#', '(b|)'], { error: broken });
      m.expectRun(run(a.with(hedge({ after: 2 })), 'x')).toBe('(run> a>) 1ms a. 3ms (a# run#)');
      const b = fakeStep(m, 'b', ['------', '-b--#'], { error: broken });
      m.expectRun(run(b.with(hedge({ after: 2, max: 3 })), 'x')).toBe(
        '(run> b>) 2ms b/!hedge2> 1ms b/!hedge2. 3ms (b/!hedge2# b# run#)',
      );
    }),
  );

  it(
    'streams only what the attempt that answers does, to a map over it as well',
    marbles((m) => {
      const list = fakeStep(m, 'list', ['---------', '-a-b-(c|)']);
      const each = fakeStep(m, 'each', (item: string) => `-(${item}|)`);
      const mapped = mapEach(each, { over: list.with(hedge({ after: 2 })), keyBy: String });
      const done = record(run(mapped, 'x'));
      const heard: string[] = [];
      run(list.with(hedge({ after: 9 })), 'x')
        .pipe(partials(list))
        .subscribe((chunk) => heard.push(chunk));
      m.flush();
      expect(done.output).toEqual(['a', 'b', 'c']);
      expect(heard).toEqual(['a', 'b', 'c']);
    }),
  );

  it(
    'hedges a composite as a whole',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-----', '-(a|)']);
      const b = fakeStep(m, 'b', '-(b|)');
      m.expectRun(run(named('n', parallel({ a, b })).with(hedge({ after: 3 })), 'x')).toBe(
        `(run> n> n/a> n/b>) 1ms (n/b. n/b|) 2ms (n/!hedge2> n/!hedge2/a> n/!hedge2/b>)
         1ms (n/!hedge2/a. n/!hedge2/a| n/!hedge2/b. n/!hedge2/b| n/!hedge2| n/a! n| run|)`,
      );
    }),
  );

  it(
    'ends all attempts and its timer when it is unsubscribed, and when it is cancelled',
    marbles((m) => {
      const scheduler = new Timers();
      const a = fakeStep(m, 'a', '--------');
      const hedged = a.with(hedge({ after: 3, max: 9 }));
      m.expectRun(run(hedged, 'x', { scheduler }), '^----!').toBe('(run> a>) 3ms a/!hedge2>');
      m.expectRun(run(hedged, 'x', { scheduler, signal: abortAfter(4) })).toBe(
        '(run> a>) 3ms a/!hedge2> 1ms (a/!hedge2! a! run!)',
      );
      m.flush();
      expect(scheduler.pending).toBe(0);
      expect(m.scheduler.now()).toBe(5);
      expect(a.calls).toHaveLength(4);
      expect(new Set(a.calls.map(({ outcome }) => outcome))).toEqual(new Set(['cancelled']));
    }),
  );

  it.each<HedgeOptions>([
    { after: -1 },
    { after: 'soon' },
    { after: 1, max: 1 },
    { after: 1, max: 2.5 },
    { after: 1, max: Number.POSITIVE_INFINITY },
  ])('refuses %o', (options) => {
    expect(() => hedge(options)).toThrow(
      expect.objectContaining({ name: 'DefinitionError', message: expect.stringMatching(/^hedge: /) }),
    );
  });

  it('keeps the type of the step', () => {
    const length = step('length', async function* (text: string) {
      yield text;
      return text.length;
    });
    expectTypeOf(length.with(hedge({ after: '1s' }))).toEqualTypeOf<Step<string, number, string>>();
    expectTypeOf(hedge({ after: 1 })).toEqualTypeOf<Policy>();
    // @ts-expect-error: after how long?
    () => hedge({ max: 2 });
  });

  it(
    'starts no more than max, though the first attempt fail before its time',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '---(z|)'], { error: broken });
      m.expectRun(run(a.with(hedge({ after: 2 })), 'x')).toBe(
        '(run> a>) 1ms (a:log a/!hedge2>) 3ms (a/!hedge2. a/!hedge2| a| run|)',
      );
    }),
  );

  it.each([
    ['a definition error', new DefinitionError('no')],
    ['an aborted request', new DOMException('aborted', 'AbortError')],
    ['a loop that reached its max', new MaxStepsError(3)],
  ])('does not follow %s with another attempt', (_, error) => {
    let calls = 0;
    const failing = step('failing', () => {
      calls++;
      throw error;
    });
    expect(record(run(failing.with(hedge({ after: 5 })), 'x')).error).toBe(error);
    expect(calls).toBe(1);
  });
});

describe('hedge, with other policies,', () => {
  it(
    'inside a retry: all attempts must fail for it to be tried again',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['---#', '---#', '---#', '(d|)'], { error: broken });
      m.expectRun(run(a.with(hedge({ after: 1 }), retry({ delay: 5 })), 'x')).toBe(
        `(run> a>) 1ms a/!hedge2> 2ms a:log 1ms (a/!hedge2# a~) 5ms a> 1ms
         (a/!hedge2> a/!hedge2. a/!hedge2| a| run|)`,
      );
    }),
  );

  it(
    'around a retry: the first is tried again by itself while there is no hedge, and is hedged anew',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['--#', '----', '-(c|)'], { error: broken });
      const done = record(run(a.with(retry({ delay: 5 }), hedge({ after: 3 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> a>) 2ms a~ 5ms a> 3ms a/!hedge2> 1ms (a/!hedge2. a/!hedge2| a| run|)',
      );
      expect(done.all('step.completed')).toMatchObject([{ attempt: 1 }, { attempt: 2, durationMs: 11 }]);
    }),
  );

  it(
    'around a retry: the first leaves its retries to the hedges once there are any',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['--#', '--#', '-(c|)'], { error: broken });
      const done = record(run(a.with(retry({ delay: 5 }), hedge({ after: 1 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        `(run> a>) 1ms a/!hedge2> 1ms a:log 1ms a/!hedge2~ 5ms a/!hedge2>
         1ms (a/!hedge2. a/!hedge2| a| run|)`,
      );
      expect(done.output).toBe('c');
    }),
  );

  it(
    'around a retry: what streamed is retracted, and hedged again',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['a-#', '-----', '-(c|)'], { error: broken });
      m.expectRun(run(a.with(retry({ delay: 2 }), hedge({ after: 3 })), 'x')).toBe(
        '(run> a> a.) 2ms a~ 2ms a> 3ms a/!hedge2> 1ms (a/!hedge2. a/!hedge2| a| run|)',
      );
    }),
  );

  it(
    'around a retry: there is no hedge in a delay, and as many again in the next attempt',
    marbles((m) => {
      const flaky = step('a', (_: string, { attempt }) => {
        if (attempt === 1) throw broken;
        return m.cold('---(a|)');
      });
      m.expectRun(run(flaky.with(retry({ delay: 5 }), hedge({ after: 2 })), 'x')).toBe(
        '(run> a> a~) 5ms a> 2ms (a/!hedge2> a/!hedge2~) 1ms (a. a| run|)',
      );
      const b = fakeStep(m, 'b', ['----#', '#', '#', '-----', '-(b|)'], { error: broken });
      m.expectRun(run(b.with(retry({ delay: 1, maxRetries: 1 }), hedge({ after: 1 })), 'x')).toBe(
        `(run> b>) 1ms (b/!hedge2> b/!hedge2~) 1ms (b/!hedge2> b/!hedge2#) 2ms b~
         1ms b> 1ms b/!hedge2> 1ms (b/!hedge2. b/!hedge2| b| run|)`,
      );
    }),
  );

  it(
    'around a retry: a map takes back what an attempt streamed that is tried again',
    marbles((m) => {
      const list = fakeStep(m, 'list', ['-----', 'a-#', 'bc(d|)'], { error: broken });
      const hedged = list.with(retry({ delay: 1 }), hedge({ after: 1 }));
      const each = fakeStep(m, 'each', (item: string) => `-(${item}|)`);
      const done = record(run(mapEach(each, { over: hedged, keyBy: String }), 'x'));
      m.flush();
      expect(done.output).toEqual(['b', 'c', 'd']);
    }),
  );

  it(
    'around a retry that is timed out during its delay: the hedge follows at once',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '-(b|)'], { error: broken });
      m.expectRun(run(a.with(retry({ delay: 9 }), timeout(3), hedge({ after: 5 })), 'x')).toBe(
        '(run> a>) 1ms a~ 2ms (a> a:log a/!hedge2>) 1ms (a/!hedge2. a/!hedge2| a| run|)',
      );
    }),
  );

  it(
    'inside a time-out is timed as a whole; around one, each attempt is',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--------');
      m.expectRun(run(a.with(hedge({ after: 2 }), timeout(5)), 'x')).toBe(
        '(run> a>) 2ms a/!hedge2> 3ms (a/!hedge2! a# run#)',
      );
      const done = record(run(a.with(timeout(5), hedge({ after: 2 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a>) 2ms a/!hedge2> 3ms a:log 2ms (a/!hedge2# a# run#)');
      expect(done.error).toBeInstanceOf(StepTimeoutError);
    }),
  );

  it(
    'around a hedge hedges the hedged',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-----', '-----', '-----', '-(d|)']);
      m.expectRun(run(a.with(hedge({ after: 1 }), hedge({ after: 2 })), 'x')).toBe(
        `(run> a>) 1ms a/!hedge2> 1ms a/!hedge2~2> 1ms a/!hedge2~2/!hedge2>
         1ms (a/!hedge2~2/!hedge2. a/!hedge2! a/!hedge2~2/!hedge2| a/!hedge2~2| a| run|)`,
      );
    }),
  );

  it(
    'says `live` of an answer of the hedge, whatever the first had come to',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '--(b|)'], { error: broken });
      const f = fakeStep(m, 'f', '-----(f|)');
      const done = record(run(a.with(fallback(f), hedge({ after: 2 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> a>) 1ms (a< a/!fallback:f>) 1ms a/!hedge2> 2ms (a/!hedge2. a/!fallback:f! a/!hedge2| a| run|)',
      );
      expect(done.all('step.completed').at(-1)).toMatchObject({ path: '/a', source: 'live' });
    }),
  );

  it(
    'around a cache waits for the same answer',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      m.expectRun(run(a.with(cache(), hedge({ after: 2 })), 'x')).toBe(
        '(run> a>) 2ms a/!hedge2> 2ms (a/!hedge2! a. a| run|)',
      );
      m.flush();
      expect(a.calls).toHaveLength(1);
    }),
  );

  it(
    'around a bulkhead needs a slot for each attempt, and frees it for the hedge when the first gives up',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['---#', '--(b|)'], { error: broken });
      const one = bulkhead({ concurrency: 1, queue: 1 });
      m.expectRun(run(a.with(retry(), one, hedge({ after: 2 })), 'x')).toBe(
        '(run> a>) 2ms (a/!hedge2> a/!hedge2=) 1ms (a/!hedge2+ a:log) 2ms (a/!hedge2. a/!hedge2| a| run|)',
      );
      m.flush();
      expect([one.running, one.waiting]).toEqual([0, 0]);
    }),
  );

  it(
    'inside a budget counts all attempts',
    marbles((m) => {
      const paid = step('paid', (_: string, { cost }) => {
        cost({ usd: 1 });
        return NEVER;
      });
      const done = record(run(paid.with(hedge({ after: 2 }), budget({ usd: 1.5 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        `(run> paid> paid$) 2ms (paid/!hedge2> paid/!hedge2$ paid:budget-alert paid:budget-exceeded
         paid/!hedge2! paid# run#)`,
      );
    }),
  );

  it(
    'hands on what a body throws that is no error',
    marbles((m) => {
      const done = record(
        run(
          fakeStep(m, 'a', '-#').with(
            hedge({ after: 0 }),
            recover((e) => e),
          ),
          'x',
        ),
      );
      m.flush();
      expect(done.output).toBeInstanceOf(StepFailedError);
    }),
  );
});
