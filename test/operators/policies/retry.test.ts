import { take, throwError } from 'rxjs';
import {
  BudgetExceededError,
  CompensationFailedError,
  DefinitionError,
  DuplicateKeyError,
  HttpStatusError,
  MaxStepsError,
  NonSerializableOutputError,
  RunCancelledError,
  type RunOptions,
  run,
  type Step,
  StepTimeoutError,
  step,
  WireFormatError,
} from 'tutti';
import { named, parallel, type RetryOptions, retry, sequence, timeout } from 'tutti/operators';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { abortAfter } from '../abort-after.ts';
import { abortOn } from '../abort-on.ts';
import { record } from '../record.ts';
import { Timers } from '../timers.ts';

const broken = new RangeError('broken');

/** An error with what HTTP clients put into theirs. */
const http = (facts: object) => Object.assign(new Error('busy'), facts);

/** A step that fails with these, one per attempt, then gives the number of the attempt. */
const failing = (...errors: readonly unknown[]) =>
  step('a', (_: string, { attempt }) => {
    if (attempt <= errors.length) throw errors[attempt - 1];
    return attempt;
  });

/** The delays after the failures of a step, in milliseconds. */
function delays(
  m: MarblesContext,
  errors: readonly unknown[],
  options?: RetryOptions,
  runOptions?: RunOptions,
): number[] {
  const done = record(run(failing(...errors).with(retry(options)), 'x', runOptions));
  m.flush();
  expect(done.end.durationMs).toBe(done.all('step.retrying').reduce((sum, { delayMs }) => sum + delayMs, 0));
  return done.all('step.retrying').map(({ delayMs }) => delayMs);
}

describe('retry', () => {
  it(
    'tries three times more, after 1 s, 2 s and 4 s, and fails with the last failure',
    marbles((m) => {
      const last = new TypeError('last');
      const done = record(run(failing(broken, broken, broken, last).with(retry()), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a> a~) 1s (a> a~) 2s (a> a~) 4s (a> a# run#)');
      expect(done.error).toBe(last);
    }),
  );

  it(
    'gives the output of the attempt that succeeds',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '---#', '--(a|)'], { error: broken });
      const done = record(run(a.with(retry({ delay: 5, factor: 1 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a>) 1ms a~ 5ms a> 3ms a~ 5ms a> 2ms (a. a| run|)');
      expect(done.output).toBe('a');
      expect(a.calls.map(({ input, attempt }) => [input, attempt])).toEqual([
        ['x', 1],
        ['x', 2],
        ['x', 3],
      ]);
    }),
  );

  it(
    'does nothing for a step that succeeds, with or without values',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-a-b|').with(retry());
      const empty = fakeStep(m, 'empty', '--|').with(retry());
      m.expectRun(run(a, 'x')).toBe('(run> a>) 1ms a. 2ms a. 1ms (a| run|)');
      m.expectRun(run(empty, 'x')).toBe('(run> empty>) 2ms (empty| run|)');
    }),
  );

  it(
    'ends the attempt, and retracts its partials',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['ab#', 'c(d|)'], { error: broken });
      const done = record(run(a.with(retry({ delay: 5 })), 'x'));
      m.flush();
      expect(done.all('step.retrying')).toMatchObject([
        { attempt: 1, nextAttempt: 2, delayMs: 5, error: { name: 'RangeError', message: 'broken' } },
      ]);
      expect(done.all('step.partial').map(({ attempt, index, chunk }) => [attempt, index, chunk])).toEqual([
        [1, 0, 'a'],
        [1, 1, 'b'],
        [2, 0, 'c'],
        [2, 1, 'd'],
      ]);
      expect(done.all('step.completed')).toMatchObject([{ attempt: 2, durationMs: 2 + 5 + 1 }]);
    }),
  );

  it(
    'counts the cost of every attempt',
    marbles((m) => {
      const paid = step('paid', (_: string, { attempt, cost }) => {
        cost({ usd: attempt });
        if (attempt < 3) throw broken;
      });
      const done = record(run(paid.with(retry({ delay: 1 })), 'x'));
      m.flush();
      expect(done.all('step.completed')).toMatchObject([{ costUsd: 6 }]);
      expect(done.end.costUsd).toBe(6);
    }),
  );

  it('keeps the idempotency key over its attempts', () => {
    const keys = new Set<string>();
    const keyed = step('keyed', (_: string, { attempt, idempotencyKey }) => {
      keys.add(idempotencyKey);
      if (attempt < 3) throw broken;
    });
    expect(record(run(keyed.with(retry({ delay: 0 })), 'x')).end.type).toBe('run.completed');
    expect(keys.size).toBe(1);
  });

  it(
    'retries a composite as a whole, which gets its kind for a name',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '-(a|)']);
      const b = fakeStep(m, 'b', '---(b|)');
      m.expectRun(run(sequence(parallel({ a, b }).with(retry({ delay: 2 }))), 'x')).toBe(
        `(run> parallel> parallel/a> parallel/b>) 1ms (parallel/a# parallel/b! parallel~)
         2ms (parallel> parallel/a> parallel/b>) 1ms (parallel/a. parallel/a|)
         2ms (parallel/b. parallel/b| parallel| run|)`,
      );
    }),
  );

  it(
    'around a retry multiplies the attempts, and counts them all',
    marbles((m) => {
      const twice = retry({ maxRetries: 1, delay: 1 });
      const done = record(run(failing(broken, broken, broken).with(twice, twice), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a> a~) 1ms (a> a~) 1ms (a> a~) 1ms (a> a| run|)');
      expect(done.output).toBe(4);
    }),
  );

  it(
    'ends the attempt when it is unsubscribed, and when it is cancelled',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-----');
      const again = named('n', sequence(failing(broken).with(retry({ delay: 2 })), a));
      m.expectRun(run(again, 'x'), '^--!').toBe('(run> n> n/a> n/a~) 2ms (n/a> n/a| n/a~2>)');
      m.expectRun(run(again, 'x', { signal: abortAfter(3) })).toBe(
        '(run> n> n/a> n/a~) 2ms (n/a> n/a| n/a~2>) 1ms (n/a~2! n! run!)',
      );
      m.flush();
      expect(a.calls).toMatchObject([
        { endedAt: 3, outcome: 'cancelled' },
        { endedAt: 3, outcome: 'cancelled' },
      ]);
    }),
  );

  it(
    'ends the delay when it is unsubscribed, and when it is cancelled',
    marbles((m) => {
      const scheduler = new Timers();
      const retried = failing(broken).with(retry());
      m.expectRun(run(retried, 'x', { scheduler }), '^--!').toBe('(run> a> a~)');
      m.expectRun(run(retried, 'x', { scheduler, signal: abortAfter(2) })).toBe('(run> a> a~) 2ms run!');
      m.flush();
      expect(scheduler.pending).toBe(0);
      expect(m.scheduler.now()).toBe(3);
    }),
  );

  it(
    'does not go on when who hears of the retry cancels or unsubscribes',
    marbles((m) => {
      const { signal, listening } = abortOn('step.retrying');
      const scheduler = new Timers();
      const a = fakeStep(m, 'a', '#');
      for (const delay of [0, 1000]) {
        const retried = a.with(retry({ delay }));
        m.expectRun(run(retried, 'x', { scheduler }).pipe(take(3))).toBe('(run> a> a~)');
        m.expectRun(run(retried, 'x', { scheduler }).pipe(take(4))).toBe(
          delay === 0 ? '(run> a> a~ a>)' : '(run> a> a~) 1s a>',
        );
      }
      m.expectRun(run(a.with(retry()), 'x', { scheduler, signal }).pipe(listening)).toBe('(run> a> a~ run!)');
      m.flush();
      expect(a.calls.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1]);
      expect(scheduler.pending).toBe(0);
    }),
  );

  it(
    'ends the delay when a sibling fails',
    marbles((m) => {
      const b = fakeStep(m, 'b', '---#');
      m.expectRun(run(parallel({ a: failing(broken).with(retry()), b }), 'x')).toBe(
        '(run> a> a~ b>) 3ms (b# run#)',
      );
      m.flush();
      expect(m.scheduler.now()).toBe(3);
    }),
  );

  it(
    'inside a time-out has each attempt timed',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['------(a|)', '---(b|)']);
      m.expectRun(run(a.with(timeout(5), retry({ delay: 2 })), 'x')).toBe(
        '(run> a>) 5ms a~ 2ms a> 3ms (a. a| run|)',
      );
      m.flush();
      expect(a.calls).toMatchObject([
        { endedAt: 5, outcome: 'cancelled' },
        { endedAt: 10, outcome: 'completed' },
      ]);
    }),
  );

  it(
    'around a time-out has all attempts timed together, and the delays between them',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--#');
      const done = record(run(a.with(retry({ delay: 1, factor: 1, maxRetries: 9 }), timeout(7)), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a>) 2ms a~ 1ms a> 2ms a~ 1ms a> 1ms (a# run#)');
      expect(done.error).toBeInstanceOf(StepTimeoutError);
      expect(a.calls.at(-1)).toMatchObject({ startedAt: 6, endedAt: 7, outcome: 'cancelled' });
    }),
  );

  it(
    'may be timed out during a delay',
    marbles((m) => {
      const done = record(run(failing(broken).with(retry({ delay: 10 }), timeout(5)), 'x'));
      m.flush();
      expect(done.error).toBeInstanceOf(StepTimeoutError);
      expect(done.end).toMatchObject({ at: 5 });
      expect(m.scheduler.now()).toBe(5);
    }),
  );

  it('retries 10,000 times at once', () => {
    const errors = Array.from({ length: 10_000 }, () => broken);
    const done = record(run(failing(...errors).with(retry({ maxRetries: 10_000, delay: 0 })), 'x'));
    expect(done.output).toBe(10_001);
  });

  it.each<RetryOptions>([
    { maxRetries: -1 },
    { maxRetries: 1.5 },
    { maxRetries: Number.NaN },
    { factor: 0 },
    { factor: Number.NaN },
    { delay: -1 },
    { delay: 'soon' },
    { maxDelay: 'later' },
    { maxRetryAfter: 'never' },
    { jitter: -0.1 },
    { jitter: 1.1 },
  ])('refuses %o', (options) => {
    expect(() => retry(options)).toThrow(
      expect.objectContaining({ name: 'DefinitionError', message: expect.stringMatching(/^retry: /) }),
    );
  });

  it('keeps the type of the step', () => {
    const length = step('length', async function* (text: string) {
      yield text;
      return text.length;
    });
    expectTypeOf(length.with(retry())).toEqualTypeOf<Step<string, number, string>>();
    expectTypeOf(retry).parameter(0).toEqualTypeOf<RetryOptions | undefined>();
    // @ts-expect-error: it takes no number
    () => run(length.with(retry()), 1);
    // @ts-expect-error: a count is a number
    () => retry({ maxRetries: '3' });
    // @ts-expect-error: statuses are numbers
    () => retry({ on: ['429'] });
    // @ts-expect-error: a step is no policy
    () => length.with(length);
  });
});

describe('retry, its delays', () => {
  const nine = Array.from({ length: 9 }, () => broken);

  it(
    'double from 1 s, up to 60 s',
    marbles((m) => {
      expect(delays(m, nine, { maxRetries: 9 })).toEqual(
        [1, 2, 4, 8, 16, 32, 60, 60, 60].map((s) => s * 1000),
      );
    }),
  );

  it(
    'start from `delay`, grow by `factor`, end at `maxDelay`',
    marbles((m) => {
      const options = { delay: '100ms', factor: 3, maxDelay: '1s', maxRetries: 5 };
      expect(delays(m, nine.slice(0, 5), options)).toEqual([100, 300, 900, 1000, 1000]);
      expect(delays(m, nine.slice(0, 3), { delay: 80, factor: 0.5 })).toEqual([80, 40, 20]);
      expect(delays(m, nine.slice(0, 2), { delay: '2min', maxDelay: '1min' })).toEqual([60_000, 60_000]);
    }),
  );

  it(
    'are left to chance in that part that `jitter` says',
    marbles((m) => {
      const rolls = [0, 0.5, 0.9];
      const random = () => rolls.shift() ?? 0;
      const options = { delay: 1000, jitter: 0.5 };
      expect(delays(m, nine.slice(0, 3), options, { random })).toEqual([1000, 1500, 2200]);
      expect(delays(m, [broken], { delay: 4000, jitter: 1 }, { random: () => 0.75 })).toEqual([1000]);
    }),
  );

  it('do not ask chance without jitter', () => {
    const random = (): number => expect.fail('chance was asked');
    const done = record(run(failing(broken).with(retry({ delay: 0 })), 'x', { random }));
    expect(done.output).toBe(2);
  });

  it(
    'without retries do not come to be',
    marbles((m) => {
      const done = record(run(failing(broken).with(retry({ maxRetries: 0 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a> a# run#)');
    }),
  );
});

describe('retry, when the server says how long to wait,', () => {
  it(
    'waits so long: retryAfterMs, though it be more than maxDelay',
    marbles((m) => {
      const busy = new HttpStatusError(429, { retryAfterMs: 90_000 });
      expect(delays(m, [busy, broken, busy])).toEqual([90_000, 2000, 90_000]);
      expect(delays(m, [new HttpStatusError(503, { retryAfterMs: 0 })])).toEqual([0]);
    }),
  );

  it(
    'waits no longer than maxRetryAfter: a failure that asks for more is final',
    marbles((m) => {
      const hours = (count: number) => new HttpStatusError(429, { retryAfterMs: count * 3_600_000 });
      expect(delays(m, [hours(1)])).toEqual([3_600_000]);
      expect(delays(m, [hours(1.01)])).toEqual([]);
      expect(delays(m, [hours(24)], { maxRetryAfter: '2d' })).toEqual([86_400_000]);
      expect(delays(m, [broken, http({ headers: { 'retry-after': '6' } })], { maxRetryAfter: '5s' })).toEqual(
        [1000],
      );
      const done = record(run(failing(hours(2)).with(retry()), 'x'));
      expect(done.error).toMatchObject({ code: 'HTTP_STATUS', retryAfterMs: 7_200_000 });
    }),
  );

  it(
    'waits so long: seconds in a Retry-After header',
    marbles((m) => {
      const headers = { 'retry-after': '7' };
      expect(delays(m, [http({ status: 429, headers })])).toEqual([7000]);
      expect(delays(m, [http({ response: { status: 503, headers: new Headers(headers) } })])).toEqual([7000]);
      expect(delays(m, [http({ headers: { 'Retry-After': 2 } })])).toEqual([2000]);
      expect(delays(m, [http({ headers: { 'retry-after': ' 0 ' } })])).toEqual([0]);
    }),
  );

  it(
    "waits until then: an HTTP date in a Retry-After header, by the run's clock",
    marbles((m) => {
      const until = (date: string) => http({ headers: { 'retry-after': date } });
      const twice = [until('Thu, 01 Jan 1970 00:00:12 GMT'), until('Thu, 01 Jan 1970 00:00:30 GMT')];
      expect(delays(m, twice)).toEqual([12_000, 18_000]);
      expect(m.scheduler.now()).toBe(30_000);
      expect(delays(m, [until('Thu, 01 Jan 1970 00:00:05 GMT')])).toEqual([0]);
      expect(delays(m, [until('Thursday, 01-Jan-70 00:00:31 GMT')])).toEqual([1000]);
    }),
  );

  it(
    'understands it of a response that is thrown as it is',
    marbles((m) => {
      const response = new Response(null, { status: 429, headers: { 'retry-after': '3' } });
      expect(delays(m, [response])).toEqual([3000]);
      expect(delays(m, [new Response(null, { status: 404 })])).toEqual([]);
    }),
  );

  it.each(['', ' ', 'soon', '-5', '5 apples', 'Infinity', '1e999'])(
    'takes no notice of %j',
    marbles((m, value: string) => {
      expect(delays(m, [http({ headers: { 'retry-after': value } })])).toEqual([1000]);
    }),
  );

  it(
    'takes no notice of a retryAfterMs that is no time',
    marbles((m) => {
      for (const retryAfterMs of [-1, Number.NaN, Number.POSITIVE_INFINITY, '5'])
        expect(delays(m, [http({ retryAfterMs })])).toEqual([1000]);
    }),
  );

  it(
    'does not retry what is not worth it all the same',
    marbles((m) => {
      expect(delays(m, [new HttpStatusError(400, { retryAfterMs: 5 })])).toEqual([]);
    }),
  );
});

describe('retry, by default,', () => {
  const attempts = (error: unknown, options: RetryOptions = {}) =>
    record(run(failing(error).with(retry({ delay: 0, ...options })), 'x')).all('step.started').length;

  it.each([429, 500, 502, 503, 504])('retries HTTP status %d', (status) => {
    expect(attempts(new HttpStatusError(status))).toBe(2);
    expect(attempts(http({ statusCode: status }))).toBe(2);
    expect(attempts(http({ response: { status } }))).toBe(2);
  });

  it.each([400, 401, 403, 404, 408, 409, 422, 501])('does not retry HTTP status %d', (status) => {
    expect(attempts(new HttpStatusError(status))).toBe(1);
    expect(attempts(http({ statusCode: status }))).toBe(1);
    expect(attempts(http({ response: { status } }))).toBe(1);
  });

  it.each([
    ['an error', broken],
    ['a time-out', new StepTimeoutError('a', 5)],
    ['a text', 'no'],
    ['nothing', undefined],
    ['a status that is no number', http({ status: '400' })],
  ])('retries %s', (_, error) => {
    expect(attempts(error)).toBe(2);
  });

  it.each([
    ['a definition error', new DefinitionError('no')],
    ['a budget error', new BudgetExceededError(2, 1)],
    ['an output that cannot be written down', new NonSerializableOutputError('$', 'a function')],
    ['JSON that the codec cannot have written', new WireFormatError('no')],
    ['two items with one key', new DuplicateKeyError('k', '/a[k]')],
    ['a loop that reached its max', new MaxStepsError(3)],
    ['a failed compensation', new CompensationFailedError([], broken)],
    ['a cancellation', new RunCancelledError('no')],
    ['an aborted request', new DOMException('aborted', 'AbortError')],
  ])('does not retry %s', (_, error) => {
    expect(attempts(error)).toBe(1);
  });

  it('does not retry an input or an output that the schema refuses', () => {
    let calls = 0;
    const checked = step({
      id: 'checked',
      input: z.string().min(2),
      output: z.number().max(3),
      run: (text) => {
        calls++;
        return text.length;
      },
    }).with(retry({ delay: 0 }));
    expect(record(run(checked, 'x')).error).toMatchObject({ code: 'INPUT_VALIDATION' });
    expect(calls).toBe(0);
    expect(record(run(checked, 'xxxx')).error).toMatchObject({ code: 'OUTPUT_VALIDATION' });
    expect(calls).toBe(1);
  });

  it('retries those statuses that a list names instead, and what has none', () => {
    const on = [404, 418];
    expect(attempts(new HttpStatusError(404), { on })).toBe(2);
    expect(attempts(new HttpStatusError(429), { on })).toBe(1);
    expect(attempts(broken, { on })).toBe(2);
    expect(attempts(new DefinitionError('no'), { on })).toBe(1);
    expect(attempts(new HttpStatusError(429), { on: [] })).toBe(1);
  });

  it('asks a predicate instead, with the error and the number of the attempt', () => {
    const asked: unknown[] = [];
    const on = (error: unknown, attempt: number) => {
      asked.push([error, attempt]);
      return attempt < 2;
    };
    const done = record(run(failing(broken, broken, broken).with(retry({ delay: 0, on })), 'x'));
    expect(done.error).toBe(broken);
    expect(asked).toEqual([
      [broken, 1],
      [broken, 2],
    ]);
    expect(attempts(new HttpStatusError(400), { on: () => true })).toBe(2);
    expect(attempts(broken, { on: () => false })).toBe(1);
  });

  it('never retries a cancellation, whatever the predicate says', () => {
    expect(attempts(new RunCancelledError('no'), { on: () => true })).toBe(1);
  });

  it('fails with what the predicate throws', () => {
    const worse = new TypeError('worse');
    const on = (): never => {
      throw worse;
    };
    expect(record(run(failing(broken).with(retry({ on })), 'x')).error).toBe(worse);
  });

  it('retries a body that emits an error at once', () => {
    let calls = 0;
    const erring = step('erring', (_: string) => throwError(() => ++calls));
    record(run(erring.with(retry({ delay: 0, maxRetries: 2 })), 'x'));
    expect(calls).toBe(3);
  });
});
