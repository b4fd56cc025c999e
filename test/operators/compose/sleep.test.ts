import { of } from 'rxjs';
import { DefinitionError, run, type Step } from 'tutti';
import { parallel, sequence, sleep, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { abortOn } from '../abort-on.ts';
import { record } from '../record.ts';
import { Timers } from '../timers.ts';

describe('sleep', () => {
  it(
    'gives what it took, later',
    marbles((m) => {
      m.expect(of('a', 'b').pipe(sleep<string>(3), values())).toBeObservable('---a--(b|)');
    }),
  );

  it(
    'takes words for a duration',
    marbles((m) => {
      m.expect(of('a').pipe(sleep<string>('1.5s'), values())).toBeObservable('1500ms (a|)');
    }),
  );

  it(
    'tells that it waits, until when, and that it goes on',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--(a|)');
      const done = record(run(sequence(a, sleep(3)), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a>) 2ms (a. a| sleep> sleep=) 3ms (sleep+ sleep| run|)');
      expect(done.all('step.waiting')).toMatchObject([{ wait: { kind: 'timer', name: 'sleep', dueAt: 5 } }]);
      expect(done.all('step.resumed')).toMatchObject([{ cause: 'timer' }]);
      expect(done.output).toBe('a');
    }),
  );

  it(
    'sleeps for weeks, as timers of the platform cannot',
    marbles((m) => {
      const done = record(run(sleep('40 days'), 'x'));
      m.flush();
      expect(done.end.durationMs).toBe(40 * 24 * 3600 * 1000);
    }),
  );

  it(
    'goes on at once after 0 ms',
    marbles((m) => {
      m.expectRun(run(sleep(0), 'x')).toBe('(run> sleep> sleep= sleep+ sleep| run|)');
    }),
  );

  it(
    'ends its timer when it is unsubscribed',
    marbles((m) => {
      const scheduler = new Timers();
      m.expectRun(run(sleep(1000), 'x', { scheduler }), '^--!').toBe('(run> sleep> sleep=)');
      m.flush();
      expect(scheduler.pending).toBe(0);
    }),
  );

  it(
    'ends its timer when it is cancelled, gracefully or by the failure of another',
    marbles((m) => {
      const scheduler = new Timers();
      const failing = fakeStep(m, 'failing', '--#');
      m.expectRun(run(sleep(1000), 'x', { scheduler, signal: abortAfter(2) })).toBe(
        '(run> sleep> sleep=) 2ms (sleep! run!)',
      );
      m.expectRun(run(parallel({ nap: sleep<string>(1000), failing }), 'x', { scheduler })).toBe(
        '(run> nap> nap= failing>) 2ms (failing# nap! run#)',
      );
      m.flush();
      expect(scheduler.pending).toBe(0);
      expect(m.scheduler.now()).toBe(2);
    }),
  );

  it(
    'sets no timer when who hears that it waits cancels',
    marbles((m) => {
      const scheduler = new Timers();
      const { signal, listening } = abortOn('step.waiting');
      m.expectRun(run(sleep('1s'), 'x', { scheduler, signal }).pipe(listening)).toBe(
        '(run> sleep> sleep= sleep! run!)',
      );
      m.flush();
      expect(scheduler.pending).toBe(0);
      expect(m.scheduler.now()).toBe(0);
    }),
  );

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 'soon'])('refuses to sleep for %s', (duration) => {
    expect(() => sleep(duration)).toThrow(DefinitionError);
  });

  it('gives the type that it takes', () => {
    expectTypeOf(sleep<string>(1)).toEqualTypeOf<Step<string, string>>();
    // @ts-expect-error: it gives the text that it takes
    () => sleep<string>(1) satisfies Step<string, number>;
    // @ts-expect-error: a date is no duration
    () => sleep(new Date(0));
  });

  it(
    'sleeps for as long as the input says',
    marbles((m) => {
      m.expectRun(
        run(
          sleep((given: { ms: number }) => given.ms),
          { ms: 3 },
        ),
      ).toBe('(run> sleep> sleep=) 3ms (sleep+ sleep| run|)');
      const wrong = run(
        sleep(() => 'soon'),
        1,
      );
      m.expectRun(wrong).toBe('(run> sleep> sleep# run#)');
    }),
  );
});
