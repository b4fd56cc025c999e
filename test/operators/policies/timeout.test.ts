import { NEVER, Observable, of } from 'rxjs';
import { DefinitionError, type Policy, run, type Step, StepTimeoutError, step } from 'tutti';
import { named, parallel, retry, sequence, timeout, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';
import { Timers } from '../timers.ts';

const broken = new RangeError('broken');

describe('timeout', () => {
  it(
    'lets through what comes in time',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-a--(b|)').with(timeout(5));
      m.expect(of('x').pipe(a, values())).toBeObservable('----b|'.replace('b|', '(b|)'));
      m.expectRun(run(a, 'x')).toBe('(run> a>) 1ms a. 3ms (a. a| run|)');
    }),
  );

  it(
    'gives up on a step that takes too long, and ends it',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-a------(b|)');
      const done = record(run(a.with(timeout(5)), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a>) 1ms a. 4ms (a# run#)');
      expect(done.error).toBeInstanceOf(StepTimeoutError);
      expect(done.error).toMatchObject({ code: 'STEP_TIMEOUT', stepId: 'a', timeoutMs: 5 });
      expect(a.calls).toMatchObject([{ endedAt: 5, outcome: 'cancelled' }]);
    }),
  );

  it(
    'takes what comes at the very last moment for in time, as RxJS does',
    marbles((m) => {
      m.expectRun(run(fakeStep(m, 'a', '-----(a|)').with(timeout(5)), 'x')).toBe(
        '(run> a>) 5ms (a. a| run|)',
      );
    }),
  );

  it(
    'takes words for a duration',
    marbles((m) => {
      const never = step('never', (_: string) => NEVER);
      m.expectRun(run(never.with(timeout('1.5s')), 'x')).toBe('(run> never>) 1500ms (never# run#)');
    }),
  );

  it(
    'lets a step through that takes no time, even with 0 ms',
    marbles((m) => {
      const length = step('length', (text: string) => text.length);
      m.expectRun(run(length.with(timeout(0)), 'x')).toBe('(run> length> length| run|)');
    }),
  );

  it(
    'counts the time that a body takes before it waits for anything',
    marbles((m) => {
      const scheduler = new Timers();
      let worked = 0;
      scheduler.now = () => m.scheduler.now() + worked;
      const busy = step('busy', (_: string) => {
        worked = 60;
        return m.cold('-----(a|)');
      });
      m.expectRun(run(busy.with(timeout(62)), 'x', { scheduler })).toBe('(run> busy>) 62ms (busy# run#)');
    }),
  );

  it(
    'gives up at once on a body that took too long before it waited for anything',
    marbles((m) => {
      const scheduler = new Timers();
      let worked = 0;
      scheduler.now = () => m.scheduler.now() + worked;
      const busy = step('busy', (_: string) => {
        worked = 60;
        return NEVER;
      });
      m.expectRun(run(busy.with(timeout(30)), 'x', { scheduler })).toBe('(run> busy>) 60ms (busy# run#)');
    }),
  );

  it(
    'fails at once with the failure of the step',
    marbles((m) => {
      const scheduler = new Timers();
      const a = fakeStep(m, 'a', '--#', { error: broken });
      const done = record(run(a.with(timeout(5)), 'x', { scheduler }));
      m.flush();
      expect(done.events).toBeTimeline('(run> a>) 2ms (a# run#)');
      expect(done.error).toBe(broken);
      expect(scheduler.pending).toBe(0);
    }),
  );

  it(
    "aborts the body's signal, with its error for a reason",
    marbles((m) => {
      let reason: unknown;
      const listening = step('listening', (_: string, { signal }) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
        });
        return NEVER;
      });
      const done = record(run(listening.with(timeout(5)), 'x'));
      m.flush();
      expect(reason).toBeInstanceOf(StepTimeoutError);
      expect(done.error).toBe(reason);
    }),
  );

  it(
    'does not hear what the body says afterwards, but counts what it cost',
    marbles((m) => {
      const stubborn = step('stubborn', (_: string, { cost, log }) => {
        m.cold('-------a').subscribe(() => {
          log('still here');
          cost({ usd: 1 });
        });
        return NEVER;
      });
      const wait = fakeStep(m, 'wait', '----------(a|)');
      const done = record(run(parallel([stubborn.with(timeout(5)), wait], { failure: 'settle' }), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> 0> 1>) 5ms 0# 2ms 0$ 3ms (1. 1| run|)');
      expect(done.all('step.cost')).toMatchObject([{ usd: 1, late: true }]);
      expect(done.end.costUsd).toBe(1);
    }),
  );

  it(
    'cancels all that runs inside, innermost first',
    marbles((m) => {
      const a = fakeStep(m, 'a', '---------(a|)');
      const n = named('n', parallel({ a, in: named('in', a) })).with(timeout(5));
      const done = record(run(n, 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> n> n/a> n/in> n/in/a>) 5ms (n/a! n/in/a! n/in! n# run#)');
      expect(done.all('step.cancelled')[0]).toMatchObject({ reason: 'n took longer than 5 ms' });
      expect(done.error).toMatchObject({ stepId: 'n' });
    }),
  );

  it(
    'times what it is put around: one attempt, or all of them',
    marbles((m) => {
      const a = () => fakeStep(m, 'a', ['----#', '----(a|)']);
      const again = retry({ delay: 2 });
      m.expectRun(run(a().with(timeout(5), again), 'x')).toBe('(run> a>) 4ms a~ 2ms a> 4ms (a. a| run|)');
      m.expectRun(run(a().with(again, timeout(7)), 'x')).toBe('(run> a>) 4ms a~ 2ms a> 1ms (a# run#)');
    }),
  );

  it(
    'holds for a whole sequence, which gets its kind for a name',
    marbles((m) => {
      const a = fakeStep(m, 'a', '---(a|)');
      m.expectRun(run(sequence(a, a).with(timeout(5)), 'x')).toBe(
        `(run> sequence> sequence/a>) 3ms (sequence/a. sequence/a| sequence/a~2>)
         2ms (sequence/a~2! sequence# run#)`,
      );
    }),
  );

  it(
    'ends the step and its timer when it is unsubscribed, when it is cancelled, and when it is over',
    marbles((m) => {
      const scheduler = new Timers();
      const a = fakeStep(m, 'a', ['----', '----', '-(a|)']);
      const timed = a.with(timeout(1000));
      m.expectRun(run(timed, 'x', { scheduler, signal: abortAfter(2) })).toBe('(run> a>) 2ms (a! run!)');
      m.expectRun(run(timed, 'x', { scheduler }), '^-!').toBe('(run> a>)');
      m.expectRun(run(timed, 'x', { scheduler }), '^').toBe('(run> a>) 1ms (a. a| run|)');
      m.flush();
      expect(scheduler.pending).toBe(0);
      expect(m.scheduler.now()).toBe(2);
      expect(a.calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled', 'completed']);
    }),
  );

  it(
    'fails though the teardown of the body throws, and says so',
    marbles((m) => {
      const messy = step(
        'messy',
        (_: string) =>
          new Observable(() => () => {
            throw broken;
          }),
      );
      const done = record(run(messy.with(timeout(5)), 'x'));
      m.flush();
      expect(done.error).toBeInstanceOf(StepTimeoutError);
    }),
  );

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 'soon'])('refuses %s', (duration) => {
    expect(() => timeout(duration)).toThrow(DefinitionError);
  });

  it('keeps the type of the step', () => {
    const length = step('length', (text: string) => text.length);
    expectTypeOf(length.with(timeout('1s'))).toEqualTypeOf<Step<string, number>>();
    expectTypeOf(timeout(1)).toEqualTypeOf<Policy>();
    // @ts-expect-error: it takes no number
    () => run(length.with(timeout('1s')), 1);
    // @ts-expect-error: how long?
    () => timeout();
  });
});
