import {
  EMPTY,
  type GroupedObservable,
  map,
  merge,
  mergeAll,
  mergeMap,
  NEVER,
  type Observable,
  Subject,
  take,
  throwError,
  toArray,
} from 'rxjs';
import { type RunEvent, run, type StepEvent, start, step, workflow } from 'tutti';
import { byStep, mapEach, named, parallel, retry, sequence } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { makeEvent } from './make-event.ts';

const broken = new RangeError('broken');

/** What each group is told, and when it completes, in short. */
function follow(groups$: Observable<GroupedObservable<string, StepEvent>>): string[] {
  const lines: string[] = [];
  groups$.subscribe((group$) => {
    lines.push(`+ ${group$.key}`);
    group$.subscribe({
      next: ({ type, attempt }) => lines.push(`${group$.key} ${type.slice(5)} ${attempt}`),
      error: () => lines.push(`# ${group$.key}`),
      complete: () => lines.push(`- ${group$.key}`),
    });
  });
  return lines;
}

describe('byStep', () => {
  it(
    'gives a stream for each path, which completes with the run',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-|');
      const b = fakeStep(m, 'b', '--|');
      const lines = follow(run(parallel({ x: a, y: b }), 'q').pipe(byStep()));
      m.flush();
      expect(lines).toEqual([
        '+ /x',
        '/x started 1',
        '+ /y',
        '/y started 1',
        '/x completed 1',
        '/y completed 1',
        '- /x',
        '- /y',
      ]);
    }),
  );

  it(
    'gives each stream when its step first tells of itself',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--|');
      const b = fakeStep(m, 'b', '---|');
      const keys$ = run(sequence(a, b), 'q').pipe(
        byStep(),
        map(({ key }) => key),
      );
      m.expect(keys$).toBeObservable('a-b--|', { a: '/a', b: '/b' });
    }),
  );

  it(
    'gives a stream for each step, wherever it is',
    marbles((m) => {
      const a = fakeStep(m, 'a', (ms: string) => `${ms}ms |`);
      const paths$ = run(mapEach(named('n', a)), ['1', '2']).pipe(
        byStep('step'),
        mergeMap((group$) =>
          group$.pipe(
            toArray(),
            map((events) => `${group$.key}: ${[...new Set(events.map(({ path }) => path))].join(' ')}`),
          ),
        ),
      );
      m.expect(paths$).toBeObservable('--(na|)', { n: 'n: /n[0] /n[1]', a: 'a: /n[0]/a /n[1]/a' });
    }),
  );

  it(
    'goes on in the same stream with a retry',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['#', '-|']).with(retry({ delay: 1 }));
      const lines = follow(run(a, 'q').pipe(byStep()));
      m.flush();
      expect(lines).toEqual([
        '+ /a',
        '/a started 1',
        '/a retrying 1',
        '/a started 2',
        '/a completed 2',
        '- /a',
      ]);
    }),
  );

  it('gives no events of the run, not even where a step has its name', () => {
    const a = workflow(
      { name: 'a' },
      step('a', (_: string) => 1),
    );
    expect(follow(run(a, 'q').pipe(byStep('step')))).toEqual(['+ a', 'a started 1', 'a completed 1', '- a']);
    const events = ['run.started', 'run.paused', 'budget.alert', 'checkpoint.saved'] as const;
    const events$ = new Subject<RunEvent>();
    const lines = follow(events$.pipe(byStep('step')));
    for (const type of events) events$.next(makeEvent(type, { path: '' }));
    expect(lines).toEqual([]);
  });

  it(
    'keeps the steps of many runs apart, and completes those of a run when it ends',
    marbles((m) => {
      const a = fakeStep(m, 'a', (ms: string) => `${ms}ms |`);
      const both$ = merge(run(a, '3', { runId: 'one' }), run(a, '1', { runId: 'two' }));
      const ended$ = both$.pipe(
        byStep(),
        mergeMap((group$) =>
          group$.pipe(
            toArray(),
            map((events) => `${group$.key} ${events[0]?.runId} ${events.length}`),
          ),
        ),
      );
      m.expect(ended$).toBeObservable('-2-(1|)', { 1: '/a one 2', 2: '/a two 2' });
    }),
  );

  it('keeps nothing of a run that has ended', () => {
    const events$ = new Subject<RunEvent>();
    let alive = 0;
    events$
      .pipe(
        byStep(),
        mergeMap((group$) => {
          alive++;
          return new Promise((resolve) => group$.subscribe({ complete: () => resolve(--alive) }));
        }),
      )
      .subscribe();
    const a = step('a', (_: string) => 1);
    for (let n = 0; n < 500; n++) run(a, 'q').subscribe((event) => events$.next(event));
    expect(alive).toBe(0);
  });

  it(
    'completes with the stream where that is cut off, and passes on its error to every group',
    marbles((m) => {
      const events = { s: makeEvent('step.started') };
      const cut = follow(m.cold<RunEvent>('s-|', events).pipe(byStep()));
      const failing = m.cold<RunEvent>('s-#', events, broken).pipe(byStep());
      const errors: unknown[] = [];
      failing.subscribe({
        next: (group$) => group$.subscribe({ error: (error: unknown) => errors.push(error) }),
        error: (error: unknown) => errors.push(error),
      });
      m.flush();
      expect(cut).toEqual(['+ /a', '/a started 1', '- /a']);
      expect(errors).toEqual([broken, broken]);
    }),
  );

  it(
    'gives nothing on nothing, and passes on an error of the stream',
    marbles((m) => {
      m.expect(EMPTY.pipe(byStep())).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(byStep())).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'ends the run when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      const types$ = run(a, 'q').pipe(
        byStep(),
        mergeAll(),
        map(({ type }) => type.charAt(5)),
      );
      m.expect(types$, '^--!').toBeObservable('sp');
      m.has(source, '          ^--!');
    }),
  );

  it(
    'goes on for who listens to a group, and ends the run when the last has gone',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      const first$ = run(a, 'q').pipe(
        byStep(),
        take(1),
        mergeAll(),
        map(({ type }) => type.charAt(5)),
      );
      m.expect(first$).toBeObservable('sp-p-p(c|)');
      m.expect(first$.pipe(take(3))).toBeObservable('sp-(p|)');
      m.has(source, ['^-----!', '^--!']);
    }),
  );

  it(
    'begins anew for each who listens',
    marbles((m) => {
      const handle = start(fakeStep(m, 'a', '-|'), 'q');
      const groups$ = handle.events$.pipe(byStep());
      const lines = [follow(groups$), follow(groups$)];
      m.flush();
      expect(lines[0]).toEqual(['+ /a', '/a started 1', '/a completed 1', '- /a']);
      expect(lines[1]).toEqual(lines[0]);
      expect(follow(groups$)).toEqual(lines[0]);
    }),
  );

  it('has types', () => {
    const events$ = NEVER as Observable<RunEvent<number>>;
    expectTypeOf(events$.pipe(byStep())).toEqualTypeOf<Observable<GroupedObservable<string, StepEvent>>>();
    // @ts-expect-error: texts are no events
    () => (NEVER as Observable<string>).pipe(byStep());
    // @ts-expect-error: there is no such key
    () => byStep('type');
  });
});
