import { EMPTY, NEVER, type Observable, throwError } from 'rxjs';
import { DefinitionError, type RunEvent, run, step } from 'tutti';
import { limitPartials, mapEach, partials } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { Timers } from '../timers.ts';

const broken = new RangeError('broken');

describe('limitPartials', () => {
  it(
    'gives at most one partial in each interval, and all that was streamed',
    marbles((m) => {
      const a = fakeStep(m, 'a', '   -abcdefg-h-----i-----j---|');
      const limited$ = run(a, 'q').pipe(limitPartials(5), partials(a));
      const expected = '          -a----x----y----i----j---|';
      m.expect(limited$).toBeObservable(expected, { a: 'a', x: 'bcdef', y: 'gh', i: 'i', j: 'j' });
    }),
  );

  it(
    'gives each step one, where many stream',
    marbles((m) => {
      const a = fakeStep(m, 'a', (letter: string) => `-${letter.repeat(13)}---|`);
      const limited$ = run(mapEach(a), ['x', 'y']).pipe(limitPartials('6ms'), partials(a));
      m.expect(limited$).toBeObservable('-x-----(XY)--(XZ)|', {
        x: 'x',
        X: 'xxxxxx',
        Y: 'yyyyyyy',
        Z: 'yyyyyy',
      });
    }),
  );

  it(
    'takes its time from the scheduler it is given',
    marbles((m) => {
      const timers = new Timers();
      const a = fakeStep(m, 'a', '-ab----|');
      const limited$ = run(a, 'q').pipe(limitPartials(3, { scheduler: timers }), partials(a));
      const pending: number[] = [];
      m.cold('--x-x').subscribe(() => pending.push(timers.pending));
      m.expect(limited$).toBeObservable('-a--b--|');
      m.flush();
      expect(pending).toEqual([1, 1]);
      expect(timers.pending).toBe(0);
    }),
  );

  it(
    'merges by a function',
    marbles((m) => {
      const counts = step('counts', (_: string) => m.cold('-abc---|', { a: 1, b: 2, c: 3 }));
      const merge = (before: unknown, after: unknown): number => Number(before) + Number(after);
      const limited$ = run(counts, 'q').pipe(limitPartials(4, { merge }), partials(counts));
      m.expect(limited$).toBeObservable('-a---s-|', { a: 1, s: 5 });
    }),
  );

  it(
    'hands on what waits before an error of the stream, and completes with it',
    marbles((m) => {
      m.expect(EMPTY.pipe(limitPartials(5))).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(limitPartials(5))).toBeObservable('#', undefined, broken);
      const a = fakeStep(m, 'a', '-ab#');
      m.expect(run(a, 'q').pipe(limitPartials(5), partials(a))).toBeObservable('-a-(b|)');
    }),
  );

  it(
    'ends the run and its timer when it is unsubscribed',
    marbles((m) => {
      const timers = new Timers();
      const source = m.cold('-ab-c|');
      const a = step('a', (_: string) => source);
      m.expect(run(a, 'q').pipe(limitPartials(9, { scheduler: timers }), partials(a)), '^--!').toBeObservable(
        '-a-',
      );
      m.has(source, '                                                          ^--!');
      m.flush();
      expect(timers.pending).toBe(0);
    }),
  );

  it('refuses what is no duration, and keeps the type of the events', () => {
    expect(() => limitPartials('soon')).toThrow(DefinitionError);
    expect(() => limitPartials(-1)).toThrow(DefinitionError);
    const events$ = NEVER as Observable<RunEvent<number>>;
    expectTypeOf(events$.pipe(limitPartials('1s'))).toEqualTypeOf<Observable<RunEvent<number>>>();
    // @ts-expect-error: texts are no events
    () => (NEVER as Observable<string>).pipe(limitPartials(1));
  });
});
