import { EMPTY, map, NEVER, type Observable, scan, throwError } from 'rxjs';
import { pendingStatus, type RunEvent, type RunStatus, reduceStatus, run, step } from 'tutti';
import { cache, named, parallel, retry, sequence, sleep, status } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';

const broken = Object.assign(new RangeError('broken'), { code: 'BROKEN' });

/** All statuses of a run, as they come. */
function statuses(run$: Observable<RunEvent>): RunStatus[] {
  const all: RunStatus[] = [];
  run$.pipe(status()).subscribe((one) => all.push(one));
  return all;
}

describe('status', () => {
  it(
    'says how a run stands, after each of its events',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--(a|)');
      const b = fakeStep(m, 'b', '---(b|)');
      const all = statuses(run(sequence(a, b), 'x'));
      m.flush();
      expect(
        all.map(({ seq, state, currentStep, completedSteps, durationMs }) => [
          seq,
          state,
          currentStep,
          completedSteps,
          durationMs,
        ]),
      ).toEqual([
        [0, 'running', undefined, [], 0],
        [1, 'running', '/a', [], 0],
        [2, 'running', '/a', [], 2],
        [3, 'running', undefined, ['/a'], 2],
        [4, 'running', '/b', ['/a'], 2],
        [5, 'running', '/b', ['/a'], 5],
        [6, 'running', undefined, ['/a', '/b'], 5],
        [7, 'completed', undefined, ['/a', '/b'], 5],
      ]);
    }),
  );

  it(
    'says so as soon as the event is there, anew for each who listens',
    marbles((m) => {
      const a = fakeStep(m, 'a', '------|');
      const states = { r: 'running', c: 'completed' } as const;
      const state$ = run(a, 'x').pipe(
        status(),
        map(({ state }) => state),
      );
      m.expect(state$).toBeObservable('        (rr)--(rc|)', states);
      m.expect(state$, '--^').toBeObservable('--(rr)--(rc|)', states);
    }),
  );

  it(
    'lists every step with its state, attempts, durations, cost, and where its output is from',
    marbles((m) => {
      const flaky = step('flaky', (_: string, { attempt, cost }) => {
        cost({ usd: attempt });
        return m.cold(attempt === 1 ? '-#' : '-(a|)');
      });
      const cached = flaky.with(retry({ delay: 3 }), cache());
      const again = named(
        'again',
        cached.using((_: string) => 'x'),
      );
      const all = statuses(run(sequence(sleep<string>(2), cached, again), 'x'));
      m.flush();
      expect(all.at(-1)?.costUsd).toBe(3);
      expect(all.at(-1)?.steps).toEqual([
        {
          path: '/sleep',
          id: 'sleep',
          state: 'completed',
          attempts: 1,
          startedAt: 0,
          durationMs: 2,
          costUsd: 0,
          source: 'live',
        },
        {
          path: '/flaky',
          id: 'flaky',
          state: 'completed',
          attempts: 2,
          startedAt: 2,
          durationMs: 5,
          costUsd: 3,
          source: 'live',
        },
        {
          path: '/again',
          id: 'again',
          state: 'completed',
          attempts: 1,
          startedAt: 7,
          durationMs: 0,
          costUsd: 0,
          source: 'live',
        },
        {
          path: '/again/flaky',
          id: 'flaky',
          state: 'completed',
          attempts: 1,
          startedAt: 7,
          durationMs: 0,
          costUsd: 0,
          source: 'cache',
        },
      ]);
    }),
  );

  it(
    'knows steps that wait, are retried, fail, are cancelled',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '-#'], { error: broken });
      const flaky = a.with(retry({ delay: 2, maxRetries: 1 }));
      const all = statuses(
        run(parallel({ flaky, nap: sleep<string>(9), slow: fakeStep(m, 'slow', '---------') }), 'x'),
      );
      m.flush();
      const states = all.map(({ steps }) =>
        steps.map(({ path, state }) => `${path.slice(1)} ${state}`).join(),
      );
      expect([...new Set(states)]).toEqual(
        [
          '',
          'flaky running',
          'flaky running,nap running',
          'flaky running,nap waiting',
          'flaky running,nap waiting,slow running',
          'flaky retrying,nap waiting,slow running',
          'flaky running,nap waiting,slow running',
          'flaky failed,nap waiting,slow running',
          'flaky failed,nap cancelled,slow running',
          'flaky failed,nap cancelled,slow cancelled',
        ].filter((line, index, lines) => lines.indexOf(line) === index),
      );
      expect(all.at(-1)).toMatchObject({
        state: 'failed',
        error: { code: 'BROKEN' },
        currentStep: undefined,
      });
      expect(all.at(-1)?.steps[0]).toMatchObject({
        attempts: 2,
        error: { name: 'RangeError', message: 'broken' },
      });
    }),
  );

  it(
    'knows a run that is cancelled',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-----');
      const all = statuses(run(a, 'x', { signal: abortAfter(3) }));
      m.flush();
      expect(all.at(-1)).toMatchObject({ state: 'cancelled', durationMs: 3 });
      expect(all.at(-1)?.steps).toMatchObject([{ state: 'cancelled', durationMs: 3 }]);
    }),
  );

  it(
    'is never changed by what happens later',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--(a|)');
      const all: RunStatus[] = [];
      const asThen: string[] = [];
      run(sequence(a, a), 'x')
        .pipe(status())
        .subscribe((one) => {
          all.push(one);
          asThen.push(JSON.stringify(one));
        });
      m.flush();
      expect(all.map((one) => JSON.stringify(one))).toEqual(asThen);
      expect(new Set(asThen).size).toBeGreaterThan(5);
    }),
  );

  it(
    'is reduceStatus, scanned',
    marbles((m) => {
      const run$ = run(fakeStep(m, 'a', '--(a|)'), 'x', { runId: 'r' });
      const all = statuses(run$);
      const scanned: RunStatus[] = [];
      run$.pipe(scan(reduceStatus, pendingStatus)).subscribe((one) => scanned.push(one));
      m.flush();
      expect(JSON.stringify(all)).toBe(JSON.stringify(scanned));
    }),
  );

  it(
    'gives nothing on nothing, and passes on an error of the stream',
    marbles((m) => {
      m.expect(EMPTY.pipe(status())).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(status())).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'ends the run when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      const subscription = run(a, 'x').pipe(status()).subscribe();
      m.cold('--x').subscribe(() => subscription.unsubscribe());
      m.flush();
      m.has(source, '^-!');
    }),
  );

  it('takes the events of any run', () => {
    expectTypeOf((NEVER as Observable<RunEvent<number>>).pipe(status())).toEqualTypeOf<
      Observable<RunStatus>
    >();
    // @ts-expect-error: texts are no events
    () => (NEVER as Observable<string>).pipe(status());
    (one: RunStatus) => {
      // @ts-expect-error: a status does not change
      one.state = 'failed';
    };
  });
});
