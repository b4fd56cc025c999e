import { EMPTY, map, merge, NEVER, type Observable, throwError } from 'rxjs';
import { type RunEvent, run, step } from 'tutti';
import { fallback, mapEach, named, parallel, retry, type Span, sequence, timeline } from 'tutti/operators';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { makeEvent } from './make-event.ts';

const broken = new RangeError('broken');

/** All spans of a stream, in short: path, attempt, times, state, and what holds it. */
function spansOf(m: MarblesContext, events$: Observable<RunEvent>): string[] {
  const all: string[] = [];
  events$
    .pipe(timeline())
    .subscribe(({ path, attempt, startMs, endMs, state, parentPath }) =>
      all.push(`${path}@${attempt} ${startMs}-${endMs} ${state} in ${parentPath}`),
    );
  m.flush();
  return all;
}

describe('timeline', () => {
  it(
    'gives each span when it closes, the last the run itself',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--|');
      const b = fakeStep(m, 'b', '---|');
      const run$ = run(sequence(a, b), 'x', { runId: 'r' });
      const facts = { runId: 'r', attempt: 1, state: 'completed' } as const;
      m.expect(run$.pipe(timeline())).toBeObservable('--a--(br|)', {
        a: { ...facts, path: '/a', step: 'a', parentPath: '', startMs: 0, endMs: 2 },
        b: { ...facts, path: '/b', step: 'b', parentPath: '', startMs: 2, endMs: 5 },
        r: { ...facts, path: '', step: 'sequence', parentPath: undefined, startMs: 0, endMs: 5 },
      });
    }),
  );

  it(
    'gives each attempt for itself',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '--#', '-|']).with(retry({ delay: 4, factor: 1 }));
      expect(spansOf(m, run(a, 'x'))).toEqual([
        '/a@1 0-1 retrying in ',
        '/a@2 5-7 retrying in ',
        '/a@3 11-12 completed in ',
        '@1 0-12 completed in undefined',
      ]);
    }),
  );

  it(
    'knows what holds what: composites, items, fallbacks',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-|');
      const failing = fakeStep(m, 'failing', '-#').with(fallback(fakeStep(m, 'basic', '-|')));
      const outer = named(
        'outer',
        sequence(
          parallel({ x: named('inner', a), failing }),
          named(
            'many',
            mapEach(a).using(() => ['k']),
          ),
        ),
      );
      expect(spansOf(m, run(outer, 'x'))).toEqual([
        '/outer/parallel/x/a@1 0-1 completed in /outer/parallel/x',
        '/outer/parallel/x@1 0-1 completed in /outer',
        '/outer/parallel/failing/!fallback:basic@1 1-2 completed in /outer/parallel/failing',
        '/outer/parallel/failing@1 0-2 completed in /outer',
        '/outer/many/mapEach/a[0]@1 2-3 completed in /outer/many',
        '/outer/many@1 2-3 completed in /outer',
        '/outer@1 0-3 completed in ',
        '@1 0-3 completed in undefined',
      ]);
    }),
  );

  it(
    'holds in nothing what has ended before',
    marbles((m) => {
      const undo = { path: '/a/!compensate', step: 'undo' };
      const events = {
        s: makeEvent('step.started'),
        c: makeEvent('step.completed'),
        u: makeEvent('step.started', undo),
        d: makeEvent('step.completed', undo),
      };
      expect(spansOf(m, m.cold<RunEvent>('scud|', events))).toEqual([
        '/a@1 0-0 completed in ',
        '/a/!compensate@1 0-0 completed in ',
      ]);
    }),
  );

  it(
    'tells how they ended: failed, cancelled, skipped',
    marbles((m) => {
      const failing = fakeStep(m, 'failing', '--#');
      const slow = fakeStep(m, 'slow', '-----|');
      expect(spansOf(m, run(parallel({ failing, slow }), 'x'))).toEqual([
        '/failing@1 0-2 failed in ',
        '/slow@1 0-2 cancelled in ',
        '@1 0-2 failed in undefined',
      ]);
      const cancelled = spansOf(m, run(slow, 'x', { signal: abortAfter(3) }));
      expect(cancelled.map((line) => line.split(' ')[2])).toEqual(['cancelled', 'cancelled']);
      const events = {
        s: makeEvent('step.skipped', { at: 4 }),
        e: makeEvent('run.cancelled', { path: '', at: 5 }),
      };
      expect(spansOf(m, m.cold<RunEvent>('se|', events))).toEqual([
        '/a@1 4-4 skipped in ',
        '@1 5-5 cancelled in undefined',
      ]);
    }),
  );

  it(
    'takes many runs',
    marbles((m) => {
      const a = fakeStep(m, 'a', (ms: string) => `${ms}ms |`);
      const both$ = merge(run(a, '6', { runId: 'one' }), run(a, '2', { runId: 'two' }));
      const short$ = both$.pipe(
        timeline(),
        map(({ runId, path, endMs }) => `${runId}${path} ${endMs}`),
      );
      m.expect(short$).toBeObservable('-- (ab) (cd|)', {
        a: 'two/a 2',
        b: 'two 2',
        c: 'one/a 6',
        d: 'one 6',
      });
    }),
  );

  it(
    'gives nothing on nothing, and passes on an error of the stream',
    marbles((m) => {
      m.expect(EMPTY.pipe(timeline())).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(timeline())).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'begins anew for each who listens, and ends the run when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      const states$ = run(a, 'x').pipe(
        timeline(),
        map(({ startMs }) => startMs),
      );
      m.expect(states$, '^--!').toBeObservable('-');
      m.expect(states$, '-^').toBeObservable('-------(11|)', { 1: 1 });
      m.has(source, ['^--!', '-^-----!']);
    }),
  );

  it('has types', () => {
    const events$ = NEVER as Observable<RunEvent<number>>;
    expectTypeOf(events$.pipe(timeline())).toEqualTypeOf<Observable<Span>>();
    expectTypeOf<Span['state']>().toEqualTypeOf<
      'completed' | 'failed' | 'cancelled' | 'retrying' | 'skipped'
    >();
    // @ts-expect-error: texts are no events
    () => (NEVER as Observable<string>).pipe(timeline());
  });
});
