import { NEVER, Subject } from 'rxjs';
import {
  CircuitOpenError,
  DefinitionError,
  HttpStatusError,
  type Policy,
  RunCancelledError,
  run,
  type Step,
  step,
} from 'tutti';
import {
  bulkhead,
  type CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitState,
  circuitBreaker,
  fallback,
  named,
  parallel,
  rateLimit,
  retry,
  sequence,
  timeout,
} from 'tutti/operators';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

const broken = new RangeError('broken');
const options = { name: 'llm', failures: 2, resetAfter: 10 } as const;

/** A step that fails or not, as its input says, at once. */
const service = step('a', (error: unknown) => {
  if (error !== undefined) throw error;
  return 'fine';
});

/** Calls a service one time after another, and says what came of it: `.` for fine, `#` for a failure, `!` for refused. */
function calls(policy: Policy, ...errors: readonly unknown[]): string {
  const policed = service.with(policy);
  return errors
    .map((error) => record(run(policed, error)).all('step.failed')[0]?.error.code)
    .map((code) => (code === undefined ? '.' : code === 'CIRCUIT_OPEN' ? '!' : '#'))
    .join('');
}

/** The states of a circuit breaker from now on, and the one now. */
function statesOf(breaker: CircuitBreaker): CircuitState[] {
  const states: CircuitState[] = [];
  breaker.state$.subscribe((state) => states.push(state));
  return states;
}

/** Lets time pass. */
const pass = (m: MarblesContext, ms: number): void => {
  m.scheduler.schedule(() => {}, ms);
  m.flush();
};

describe('circuitBreaker', () => {
  it(
    'lets all through while it is closed',
    marbles(() => {
      const breaker = circuitBreaker(options);
      expect(calls(breaker, undefined, broken, undefined, broken, undefined)).toBe('.#.#.');
      expect(breaker.state).toBe('closed');
    }),
  );

  it(
    'opens after so many failures in a row, five by default, and refuses',
    marbles(() => {
      const breaker = circuitBreaker(options);
      expect(calls(breaker, broken, undefined, broken, broken, undefined, broken)).toBe('#.##!!');
      expect(breaker.state).toBe('open');
      const five = circuitBreaker({ name: 'five' });
      expect(calls(five, broken, broken, broken, broken, broken, broken)).toBe('#####!');
    }),
  );

  it(
    'lets one try after a while, and closes when that succeeds',
    marbles((m) => {
      const breaker = circuitBreaker(options);
      const states = statesOf(breaker);
      const a = fakeStep(m, 'a', ['-#', '-#', '--(b|)', '(c|)'], { error: broken }).with(breaker);
      m.expectRun(run(a, 'x')).toBe('(run> a>) 1ms (a# run#)');
      m.expectRun(run(a, 'x'), '--^').toBe('(run> a>) 1ms (a:circuit-opened a# run#)');
      m.expectRun(run(a, 'x'), '12ms ^').toBe('(run> a> a# run#)');
      m.expectRun(run(a, 'x'), '13ms ^').toBe('(run> a>) 2ms (a. a:circuit-closed a| run|)');
      m.expectRun(run(a, 'x'), '14ms ^').toBe('(run> a> a# run#)');
      m.expectRun(run(a, 'x'), '16ms ^').toBe('(run> a> a. a| run|)');
      m.flush();
      expect(states).toEqual(['closed', 'open', 'half-open', 'closed']);
    }),
  );

  it(
    'opens again when the one who tries fails, for as long again',
    marbles((m) => {
      const breaker = circuitBreaker(options);
      const states = statesOf(breaker);
      expect(calls(breaker, broken, broken)).toBe('##');
      pass(m, 10);
      expect(calls(breaker, broken, undefined)).toBe('#!');
      pass(m, 9);
      expect(calls(breaker, undefined)).toBe('!');
      pass(m, 1);
      expect(calls(breaker, undefined, broken, undefined, undefined)).toBe('.#..');
      expect(states).toEqual(['closed', 'open', 'half-open', 'open', 'half-open', 'closed']);
    }),
  );

  it(
    'says of which circuit it is, and for how long, to who is refused',
    marbles((m) => {
      const breaker = circuitBreaker(options);
      const opened = record(run(service.with(breaker, retry({ delay: 0, maxRetries: 1 })), broken));
      expect(opened.all('circuit.opened')).toMatchObject([
        { name: 'llm', path: '/a', step: 'a', attempt: 2 },
      ]);
      pass(m, 4);
      const { error } = record(run(service.with(breaker), undefined));
      expect(error).toBeInstanceOf(CircuitOpenError);
      expect(error).toMatchObject({
        code: 'CIRCUIT_OPEN',
        circuit: 'llm',
        retryAfterMs: 6,
        message: 'circuit llm is open',
      });
    }),
  );

  it(
    'lets so many try at once, all of whom must succeed',
    marbles((m) => {
      const breaker = circuitBreaker({ ...options, failures: 1, halfOpen: 2 });
      const a = fakeStep(m, 'a', ['#', '---(b|)', '-(c|)', '(d|)'], { error: broken }).with(breaker);
      m.expectRun(run(a, 'x')).toBe('(run> a> a:circuit-opened a# run#)');
      m.expectRun(run(a, 'x'), '10ms ^').toBe('(run> a>) 3ms (a. a:circuit-closed a| run|)');
      m.expectRun(run(a, 'x'), '11ms ^').toBe('(run> a>) 1ms (a. a| run|)');
      m.expectRun(run(a, 'x'), '11ms ^').toBe('(run> a> a# run#)');
      m.expectRun(run(a, 'x'), '12ms ^').toBe('(run> a> a# run#)');
      m.expectRun(run(a, 'x'), '14ms ^').toBe('(run> a> a. a| run|)');
    }),
  );

  it(
    'does not say when it is to be tried again to who comes while others try',
    marbles((m) => {
      const breaker = circuitBreaker({ ...options, failures: 1, resetAfter: 0 });
      expect(calls(breaker, broken)).toBe('#');
      const never = step('never', (_: string) => NEVER).with(breaker);
      const trying = run(never, 'x').subscribe();
      expect(breaker.state).toBe('half-open');
      expect(record(run(never, 'x')).error).toMatchObject({ retryAfterMs: undefined });
      trying.unsubscribe();
      m.flush();
    }),
  );

  it(
    'lets another try when the one who tries is unsubscribed, is cancelled, or fails in a way that does not count',
    marbles((m) => {
      const breaker = circuitBreaker({ ...options, failures: 1 });
      const script = (input: string) => input;
      const a = fakeStep(m, 'a', script, { error: broken }).with(breaker);
      m.expectRun(run(a, '#')).toBe('(run> a> a:circuit-opened a# run#)');
      m.expectRun(run(a, '---'), '10ms ^-!').toBe('(run> a>)');
      m.expectRun(run(a, '---'), '11ms ^').toBe('(run> a> a# run#)');
      m.expectRun(run(a, '----', { signal: abortAfter(14) }), '13ms ^').toBe('(run> a>) 1ms (a! run!)');
      m.scheduler.schedule(() => expect(calls(breaker, new HttpStatusError(404))).toBe('#'), 15);
      m.expectRun(run(a, '-(b|)'), '16ms ^').toBe('(run> a>) 1ms (a. a:circuit-closed a| run|)');
      m.flush();
    }),
  );

  it(
    'takes no notice of how calls end that were let through in an earlier state',
    marbles((m) => {
      const breaker = circuitBreaker({ ...options, failures: 1, resetAfter: 4 });
      const a = fakeStep(m, 'a', (input: string) => input, { error: broken }).with(breaker);
      m.expectRun(run(a, '--#')).toBe('(run> a>) 2ms (a:circuit-opened a# run#)');
      m.expectRun(run(a, '---(a|)')).toBe('(run> a>) 3ms (a. a| run|)');
      m.expectRun(run(a, '---#')).toBe('(run> a>) 3ms (a# run#)');
      m.expectRun(run(a, '-------#')).toBe('(run> a>) 7ms (a# run#)');
      m.expectRun(run(a, '----(b|)'), '------^').toBe('(run> a>) 4ms (a. a:circuit-closed a| run|)');
      m.expectRun(run(a, '---------------#')).toBe('(run> a>) 15ms (a# run#)');
      m.flush();
      expect(breaker.state).toBe('closed');
    }),
  );

  it(
    'counts no failures that say nothing of the service',
    marbles(() => {
      const neutral = [
        new DefinitionError('wrong'),
        new HttpStatusError(400),
        Object.assign(new Error('missing'), { statusCode: 404 }),
        new RunCancelledError('enough'),
        new DOMException('stop', 'AbortError'),
      ];
      const breaker = circuitBreaker({ ...options, failures: 1 });
      expect(calls(breaker, ...neutral)).toBe('#####');
      expect(breaker.state).toBe('closed');
      for (const ill of [new HttpStatusError(503), new TypeError('fetch failed'), 'a text'])
        expect(calls(circuitBreaker({ ...options, failures: 1 }), ill, undefined)).toBe('#!');
    }),
  );

  it(
    'counts what it is told to',
    marbles(() => {
      const breaker = circuitBreaker({ ...options, failures: 1, on: (error) => error instanceof TypeError });
      expect(calls(breaker, broken, new TypeError(), broken)).toBe('##!');
      const wrong = circuitBreaker({
        ...options,
        failures: 1,
        on: () => {
          throw new SyntaxError('on');
        },
      });
      expect(record(run(service.with(wrong), broken)).error).toMatchObject({ name: 'SyntaxError' });
      expect(wrong.state).toBe('closed');
    }),
  );

  it(
    'does not count the refusals of other policies',
    marbles(() => {
      const breaker = circuitBreaker({ ...options, failures: 1 });
      const refusing = rateLimit({ limit: 1, per: '1h', whenExceeded: 'refuse' });
      expect(calls((step) => step.with(refusing, breaker), undefined, undefined, undefined)).toBe('.##');
      expect(breaker.state).toBe('closed');
    }),
  );

  it(
    'is one for all steps it is applied to, and for each call of `circuitBreaker` another',
    marbles(() => {
      const breaker = circuitBreaker({ ...options, failures: 1 });
      expect(calls(breaker, broken)).toBe('#');
      expect(record(run(step('b', () => 1).with(breaker), 'x')).error).toBeInstanceOf(CircuitOpenError);
      expect(calls(circuitBreaker({ ...options, failures: 1 }), undefined)).toBe('.');
    }),
  );

  it(
    'lets a step try that is inside one that tries',
    marbles((m) => {
      const breaker = circuitBreaker({ ...options, failures: 1 });
      const group = named('n', sequence(service.with(breaker))).with(breaker);
      expect(record(run(group, broken)).end.type).toBe('run.failed');
      pass(m, 10);
      expect(record(run(group, undefined)).output).toBe('fine');
      expect(breaker.state).toBe('closed');
    }),
  );

  it(
    'can be read: its name, its state now, and what becomes of it',
    marbles(() => {
      const breaker = circuitBreaker({ ...options, failures: 1 });
      const states = statesOf(breaker);
      expect(breaker.name).toBe('llm');
      expect(states).toEqual(['closed']);
      calls(breaker, broken);
      expect(states).toEqual(['closed', 'open']);
      expect(statesOf(breaker)).toEqual(['open']);
    }),
  );

  it('holds on to none of 10,000 runs', () => {
    const breaker = circuitBreaker(options);
    const answers: Subject<string>[] = [];
    const asking = step('asking', (_: string) => {
      const answer = new Subject<string>();
      answers.push(answer);
      return answer;
    }).with(breaker);
    let ended = 0;
    for (let i = 0; i < 10_000; i++) run(asking, 'x').subscribe({ complete: () => ended++ });
    answers.forEach((answer, i) => {
      if (i % 2 === 0) answer.complete();
      else answer.error(broken);
    });
    expect([ended, breaker.state]).toEqual([10_000, 'closed']);
    const { source } = breaker.state$ as unknown as { source: { observers: unknown[] } };
    expect(source.observers).toEqual([]);
  });

  it.each<CircuitBreakerOptions>([
    { name: 'x', failures: 0 },
    { name: 'x', failures: 1.5 },
    { name: 'x', halfOpen: 0 },
    { name: 'x', resetAfter: 'soon' },
    { name: 'x', sampling: { threshold: 0 } },
    { name: 'x', sampling: { threshold: 1.1 } },
    { name: 'x', sampling: { minimum: 0 } },
    { name: 'x', sampling: { window: 0 } },
    { name: 'x', failures: 1, sampling: {} } as never,
  ])('refuses %o', (wrong) => {
    expect(() => circuitBreaker(wrong)).toThrow(
      expect.objectContaining({
        name: 'DefinitionError',
        message: expect.stringMatching(/^circuitBreaker x: /),
      }),
    );
  });

  it.each([{}, { name: '' }])('refuses %o, which has no name', (wrong) => {
    expect(() => circuitBreaker(wrong as CircuitBreakerOptions)).toThrow('circuitBreaker: a name is needed');
  });

  it('keeps the type of the step', () => {
    const length = step('length', async function* (text: string) {
      yield text;
      return text.length;
    });
    const breaker = circuitBreaker({ name: 'x' });
    expectTypeOf(length.with(breaker)).toEqualTypeOf<Step<string, number, string>>();
    expectTypeOf(breaker.state).toEqualTypeOf<'closed' | 'open' | 'half-open'>();
    // @ts-expect-error: what is it called?
    () => circuitBreaker({ failures: 1 });
    // @ts-expect-error: one way to count, or the other
    () => circuitBreaker({ name: 'x', failures: 1, sampling: {} });
  });
});

describe('circuitBreaker, with sampling,', () => {
  const sampling = { threshold: 0.5, window: 100, minimum: 4 };

  it(
    'opens when that part of the calls fails, once there are enough',
    marbles(() => {
      expect(calls(circuitBreaker({ name: 'x', sampling }), broken, broken, broken, broken, broken)).toBe(
        '####!',
      );
      const mixed = [undefined, undefined, undefined, broken, broken, broken, undefined];
      expect(calls(circuitBreaker({ name: 'x', sampling }), ...mixed)).toBe('...###!');
    }),
  );

  it(
    'forgets calls that are longer ago than the window',
    marbles((m) => {
      const breaker = circuitBreaker({ name: 'x', sampling });
      expect(calls(breaker, broken, broken, broken)).toBe('###');
      pass(m, 100);
      expect(calls(breaker, broken, undefined, undefined, broken)).toBe('#..#');
      expect(breaker.state).toBe('open');
      const later = circuitBreaker({ name: 'x', sampling });
      expect(calls(later, broken, broken, broken)).toBe('###');
      pass(m, 100);
      expect(calls(later, undefined, undefined, undefined, broken, broken)).toBe('...##');
      expect(later.state).toBe('closed');
    }),
  );

  it(
    'begins to count anew when it closes',
    marbles((m) => {
      const breaker = circuitBreaker({ name: 'x', sampling: { ...sampling, window: 1000 }, resetAfter: 10 });
      expect(calls(breaker, broken, broken, broken, broken)).toBe('####');
      pass(m, 10);
      expect(calls(breaker, undefined, broken, broken, broken)).toBe('.###');
      expect(breaker.state).toBe('closed');
    }),
  );

  it(
    'takes half of ten calls in 30 s, by default',
    marbles(() => {
      const nine = [...Array.from({ length: 5 }, () => undefined), broken, broken, broken, broken];
      const breaker = circuitBreaker({ name: 'x', sampling: {} });
      expect(calls(breaker, ...nine)).toBe('.....####');
      expect(calls(breaker, broken, undefined)).toBe('#!');
    }),
  );
});

describe('circuitBreaker, with other policies,', () => {
  it(
    'inside a retry, counts every attempt, and the retry waits until it may be tried',
    marbles((m) => {
      const breaker = circuitBreaker(options);
      const a = fakeStep(m, 'a', ['#', '#', '-(c|)'], { error: broken });
      m.expectRun(run(a.with(breaker, retry({ delay: 1, factor: 1 })), 'x')).toBe(
        `(run> a> a~) 1ms (a> a:circuit-opened a~) 1ms (a> a~)
         9ms a> 1ms (a. a:circuit-closed a| run|)`,
      );
    }),
  );

  it(
    'around a retry, counts what comes of all attempts, and refuses before the first',
    marbles((m) => {
      const breaker = circuitBreaker({ ...options, failures: 1 });
      const a = fakeStep(m, 'a', '#', { error: broken });
      const policed = a.with(retry({ delay: 1, maxRetries: 2, factor: 1 }), breaker);
      m.expectRun(run(policed, 'x')).toBe('(run> a> a~) 1ms (a> a~) 1ms (a> a:circuit-opened a# run#)');
      m.expectRun(run(policed, 'x'), '-----^').toBe('(run> a> a# run#)');
    }),
  );

  it(
    'around a time-out, takes what takes too long for a failure; inside one, for nothing',
    marbles((m) => {
      const [around, inside] = [circuitBreaker({ name: 'x', failures: 1 }), circuitBreaker({ name: 'y' })];
      const a = fakeStep(m, 'a', '-----');
      m.expectRun(run(a.with(timeout(2), around), 'x')).toBe('(run> a>) 2ms (a:circuit-opened a# run#)');
      m.expectRun(run(a.with(inside, timeout(2)), 'x')).toBe('(run> a>) 2ms (a# run#)');
      m.flush();
      expect([around.state, inside.state]).toEqual(['open', 'closed']);
    }),
  );

  it(
    'inside a fallback, gives way at once while it is open',
    marbles((m) => {
      const breaker = circuitBreaker({ ...options, failures: 1 });
      const a = fakeStep(m, 'a', '---#', { error: broken });
      const policed = a.with(breaker, fallback(step('f', (_: unknown) => 'f')));
      m.expectRun(run(policed, 'x')).toBe(
        '(run> a>) 3ms (a:circuit-opened a< a/!fallback:f> a/!fallback:f| a| run|)',
      );
      m.expectRun(run(policed, 'x'), '----^').toBe('(run> a> a< a/!fallback:f> a/!fallback:f| a| run|)');
    }),
  );

  it(
    'around a bulkhead, is not opened by who finds it full; inside one, needs a slot to be refused',
    marbles((m) => {
      const breaker = circuitBreaker({ ...options, failures: 1 });
      const one = bulkhead({ concurrency: 1 });
      const a = fakeStep(m, 'a', '-(a|)').with(one, breaker);
      m.expectRun(run(parallel([a, a], { failure: 'settle' }), 'x')).toBe('(run> 0> 1> 1#) 1ms (0. 0| run|)');
      m.flush();
      expect(breaker.state).toBe('closed');
    }),
  );
});
