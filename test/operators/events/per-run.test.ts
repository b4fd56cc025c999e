import {
  catchError,
  EMPTY,
  finalize,
  from,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  of,
  Subject,
  take,
  throwError,
} from 'rxjs';
import { type RunEvent, run, step } from 'tutti';
import { type OfRun, perRun, progress, status } from 'tutti/operators';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { makeEvent } from './make-event.ts';

const broken = new RangeError('broken');

/** Two runs beside each other, `one` of 10 ms and `two` of 6 ms. */
function twoRuns(m: MarblesContext): Observable<RunEvent> {
  const a = fakeStep(m, 'a', (ms: string) => `${ms}ms |`);
  return merge(run(a, '10', { runId: 'one' }), run(a, '6', { runId: 'two' }));
}

const short = <T>({ runId, value }: OfRun<T>): string => `${runId} ${value}`;

describe('perRun', () => {
  it(
    'applies an operator to each run for itself, and says of which a value is',
    marbles((m) => {
      const fractions$ = twoRuns(m).pipe(perRun(progress({ expectedSteps: 1 })), map(short));
      m.expect(fractions$).toBeObservable('(ab) 2ms c 3ms (d|)', {
        a: 'one 0',
        b: 'two 0',
        c: 'two 1',
        d: 'one 1',
      });
    }),
  );

  it('completes the operator with the run, and keeps nothing of it', () => {
    const events$ = new Subject<RunEvent>();
    const ended: string[] = [];
    events$.pipe(perRun((one$) => one$.pipe(finalize(() => ended.push('ended'))))).subscribe();
    const a = step('a', (_: string) => 1);
    for (let n = 0; n < 3; n++) run(a, 'q').subscribe((event) => events$.next(event));
    expect(ended).toHaveLength(3);
    expect(events$.observed).toBe(true);
  });

  it('applies it once to each run, also where the operator ends before the run does', () => {
    let applied = 0;
    const first = (one$: Observable<RunEvent>) => {
      applied++;
      return one$.pipe(take(1));
    };
    const a = step('a', (_: string) => 1);
    const values: string[] = [];
    merge(run(a, 'q'), run(a, 'q'))
      .pipe(perRun(first))
      .subscribe(({ value }) => values.push(value.type));
    expect(values).toEqual(['run.started', 'run.started']);
    expect(applied).toBe(2);
  });

  it('takes ten thousand runs at once', () => {
    const started = Array.from({ length: 10_000 }, (_, n) => makeEvent('run.started', { runId: `${n}` }));
    const ended = started.map(({ runId }) => makeEvent('run.completed', { runId }));
    const states: string[] = [];
    from([...started, ...ended])
      .pipe(perRun(status()))
      .subscribe(({ value }) => states.push(value.state));
    expect(states.filter((state) => state === 'completed')).toHaveLength(10_000);
  });

  it(
    'fails where the operator does, and lets go of all runs',
    marbles((m) => {
      const source = m.cold('5ms a-b|');
      const a = step('a', (_: string) => source);
      const failing = mergeMap((event: RunEvent) =>
        event.type === 'step.partial' ? throwError(() => broken) : of(event.type),
      );
      const both$ = merge(run(a, 'q', { runId: 'one' }), NEVER).pipe(perRun(failing), map(short));
      m.expect(both$).toBeObservable('(rs)-#', { r: 'one run.started', s: 'one step.started' }, broken);
      m.has(source, '^----!');
    }),
  );

  it(
    'completes with the stream where that is cut off, and passes on its error, to the operator first',
    marbles((m) => {
      const events = { s: makeEvent('run.started') };
      const states = perRun((one$: Observable<RunEvent>) =>
        one$.pipe(
          map(({ type }) => type),
          catchError(() => of('caught')),
        ),
      );
      m.expect(m.cold<RunEvent>('s-|', events).pipe(states, map(short))).toBeObservable('s-|', {
        s: 'r run.started',
      });
      m.expect(m.cold<RunEvent>('s-#', events, broken).pipe(states, map(short))).toBeObservable(
        's-(c#)',
        { s: 'r run.started', c: 'r caught' },
        broken,
      );
      m.expect(EMPTY.pipe(states)).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(perRun(status()))).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'ends the runs when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      const both$ = merge(run(a, 'q'), run(a, 'q')).pipe(perRun(status()));
      const subscription = both$.subscribe();
      m.cold('--x').subscribe(() => subscription.unsubscribe());
      m.flush();
      m.has(source, ['^-!', '^-!']);
    }),
  );

  it('has types', () => {
    const events$ = NEVER as Observable<RunEvent<number>>;
    expectTypeOf(events$.pipe(perRun(progress()))).toEqualTypeOf<Observable<OfRun<number>>>();
    // @ts-expect-error: texts are no events
    () => (NEVER as Observable<string>).pipe(perRun(progress()));
    // @ts-expect-error: it takes numbers
    () => perRun(map((n: number) => n));
  });
});
