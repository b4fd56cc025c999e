import { EMPTY, last, map, NEVER, type Observable, of, throwError } from 'rxjs';
import { DefinitionError, type RunEvent, run, start, step } from 'tutti';
import {
  fallback,
  mapEach,
  named,
  parallel,
  progress,
  race,
  retry,
  sequence,
  transform,
} from 'tutti/operators';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { makeEvent } from './make-event.ts';

const broken = new RangeError('broken');

/** A step that tells these fractions, one by one, each a millisecond after the one before, and ends with the last. */
const reporting = (m: MarblesContext, id: string, fractions: readonly number[]) =>
  step(id, (_: unknown, ctx) =>
    m.cold(`${fractions.map((_, index) => `-${index}`).join('')}|`).pipe(
      map((index) => {
        ctx.progress(fractions[Number(index)] as number);
        return index;
      }),
      last(),
    ),
  );

describe('progress', () => {
  it(
    'expects one step more than it knows, until the run has completed',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--(a|)');
      const b = fakeStep(m, 'b', '---(b|)');
      m.expect(run(sequence(a, b), 'x').pipe(progress())).toBeObservable('0-h--(t1|)', {
        0: 0,
        h: 1 / 2,
        t: 2 / 3,
        1: 1,
      });
    }),
  );

  it(
    'expects as many steps as it is told',
    marbles((m) => {
      const a = fakeStep(m, 'a', (ms: string) => `${ms}ms (a|)`);
      const items$ = run(mapEach(a), ['1', '3', '5', '7']).pipe(progress({ expectedSteps: 4 }));
      const values = { 0: 0, a: 1 / 4, b: 2 / 4, c: 3 / 4, 1: 1 };
      m.expect(items$).toBeObservable('0a-b-c-(1|)', values);
    }),
  );

  it(
    'goes on where more steps turn up than it was told, or fewer',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--|');
      const more = sequence(a, a, a, a);
      m.expect(run(more, 'x').pipe(progress({ expectedSteps: 2 }))).toBeObservable('0-h-t-f-(1|)', {
        0: 0,
        h: 1 / 2,
        t: 2 / 3,
        f: 3 / 4,
        1: 1,
      });
      const fewer = sequence(a, a);
      m.expect(run(fewer, 'x').pipe(progress({ expectedSteps: 8 }))).toBeObservable('0-a-(b1|)', {
        0: 0,
        a: 1 / 8,
        b: 2 / 8,
        1: 1,
      });
    }),
  );

  it(
    'weighs steps by their ids, and expects those that have a weight',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--|');
      const b = fakeStep(m, 'b', '--|');
      const c = fakeStep(m, 'c', '--|');
      const weighed$ = run(sequence(a, b, c), 'x').pipe(progress({ weights: { a: 1, b: 4, c: 3 } }));
      m.expect(weighed$).toBeObservable('0-a-b-(1|)', { 0: 0, a: 1 / 8, b: 5 / 8, 1: 1 });
      const partly$ = run(sequence(a, b, c), 'x').pipe(progress({ weights: { b: 2 }, expectedSteps: 3 }));
      m.expect(partly$).toBeObservable('0-a-b-(1|)', { 0: 0, a: 1 / 4, b: 3 / 4, 1: 1 });
      const weightless$ = run(sequence(a, b, c), 'x').pipe(progress({ weights: { a: 0, b: 0, c: 1 } }));
      m.expect(weightless$).toBeObservable('0-----(1|)', { 0: 0, 1: 1 });
    }),
  );

  it(
    'counts a step that is under way as far as it says',
    marbles((m) => {
      const a = reporting(m, 'a', [0.25, 0.75]);
      const b = fakeStep(m, 'b', '-|');
      m.expect(run(sequence(a, b), 'x').pipe(progress({ expectedSteps: 2 }))).toBeObservable('0a-bc(1|)', {
        0: 0,
        a: 1 / 8,
        b: 3 / 8,
        c: 1 / 2,
        1: 1,
      });
    }),
  );

  it(
    'counts a step that holds others as far as these are, by its own weight',
    marbles((m) => {
      const inside = fakeStep(m, 'inside', (ms: string) => `${ms}ms |`);
      const analysis = named('analysis', mapEach(inside));
      const b = fakeStep(m, 'b', '----|');
      const both = sequence(analysis, b);
      const fractions$ = run(both, ['1', '2', '3']).pipe(progress({ weights: { analysis: 4, b: 4 } }));
      m.expect(fractions$).toBeObservable('0ab(cd)(1|)', {
        0: 0,
        a: 1 / 8,
        b: 2 / 8,
        c: 3 / 8,
        d: 4 / 8,
        1: 1,
      });
    }),
  );

  it(
    'takes nothing back when a step is tried again',
    marbles((m) => {
      const fractions = [
        [0.5, 0.75],
        [0.25, 0.875],
      ];
      const a = step('a', (_: string, ctx) =>
        m.cold(ctx.attempt === 1 ? '-0-1#' : '-0-1-|').pipe(
          map((index) => {
            ctx.progress(fractions[ctx.attempt - 1]?.[Number(index)] as number);
          }),
        ),
      );
      const tried$ = run(a.with(retry({ delay: 2 })), 'x').pipe(progress({ expectedSteps: 1 }));
      m.expect(tried$).toBeObservable('0a-b-----c-(1|)', { 0: 0, a: 0.5, b: 0.75, c: 0.875, 1: 1 });
    }),
  );

  it(
    'counts on from what a step had reached before it was tried again, when others go on',
    marbles((m) => {
      const a = step('a', (_: string, ctx) =>
        m
          .cold(ctx.attempt === 1 ? '-x#' : '-x---|')
          .pipe(map(() => ctx.progress(ctx.attempt === 1 ? 0.75 : 0.25))),
      );
      const b = fakeStep(m, 'b', '-----|');
      const both$ = run(parallel({ a: a.with(retry({ delay: 0 })), b }), 'x').pipe(
        progress({ expectedSteps: 2 }),
      );
      m.expect(both$).toBeObservable('0a---b-(1|)', { 0: 0, a: 0.375, b: 0.875, 1: 1 });
    }),
  );

  it(
    'takes nothing back when a composite is tried again, or children turn up later',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-|');
      const b = fakeStep(m, 'b', ['-#', '-|']);
      const both = sequence(a, b).with(retry({ delay: 1 }));
      const c = fakeStep(m, 'c', '-|');
      const many = transform(() => [1, 2, 3, 4]);
      const all$ = run(sequence(both, many, mapEach(c)), 'x').pipe(progress());
      const seen: number[] = [];
      all$.subscribe((fraction) => seen.push(fraction));
      m.flush();
      expect(seen).toEqual([...seen].sort((x, y) => x - y));
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.at(-1)).toBe(1);
      expect(seen.filter((fraction) => fraction === 1)).toHaveLength(1);
    }),
  );

  it(
    'takes what was skipped, what failed without harm, and what lost a race for done',
    marbles((m) => {
      const a = fakeStep(m, 'a', '5ms |');
      const values = { 0: 0, a: 1 / 3, b: 2 / 3, 1: 1 };
      const failing = fakeStep(m, 'failing', '5ms #');
      const settled = parallel({ failing, a: sequence(a, a) }, { failure: 'settle' });
      const settled$ = run(settled, 'x').pipe(progress({ expectedSteps: 3 }));
      m.expect(settled$).toBeObservable('0 4ms (ab) 1ms (1|)', values);
      const slow = fakeStep(m, 'slow', '9ms |');
      const raced$ = run(sequence(race([a, slow]), a), 'x').pipe(progress({ expectedSteps: 3 }));
      m.expect(raced$).toBeObservable('0 4ms (ab) 1ms (1|)', values);
      const events = [
        makeEvent('run.started', { path: '' }),
        makeEvent('step.skipped'),
        makeEvent('run.completed', { path: '' }),
      ];
      m.expect(of(...events).pipe(progress())).toBeObservable('(0h1|)', { 0: 0, h: 0.5, 1: 1 });
    }),
  );

  it(
    'counts what policies run as inside of the step',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-#').with(fallback(fakeStep(m, 'b', '--|')));
      m.expect(run(a, 'x').pipe(progress({ expectedSteps: 2 }))).toBeObservable('0--(ah1|)', {
        0: 0,
        a: 1 / 4,
        h: 1 / 2,
        1: 1,
      });
    }),
  );

  it(
    'completes without 1 where a run fails or is cancelled',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--|');
      const failing = fakeStep(m, 'failing', '--#');
      m.expect(run(sequence(a, failing), 'x').pipe(progress())).toBeObservable('0-h-(t|)', {
        0: 0,
        h: 1 / 2,
        t: 2 / 3,
      });
      const options = { signal: abortAfter(3) };
      m.expect(run(sequence(a, a), 'x', options).pipe(progress({ expectedSteps: 8 }))).toBeObservable(
        '0-a(b|)',
        { 0: 0, a: 1 / 8, b: 1 / 4 },
      );
    }),
  );

  it(
    'begins anew for each who listens, and tells all of it to who comes late to a handle',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--|');
      const handle = start(a, 'x');
      const fractions$ = handle.events$.pipe(progress());
      const values = { 0: 0, h: 0.5, 1: 1 };
      m.expect(fractions$).toBeObservable('0-(h1|)', values);
      m.expect(fractions$, '---^').toBeObservable('---(0h1|)', values);
    }),
  );

  it(
    'gives nothing on nothing, and passes on an error of the stream',
    marbles((m) => {
      m.expect(EMPTY.pipe(progress())).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(progress())).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'ends the run when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      m.expect(run(a, 'x').pipe(progress()), '^--!').toBeObservable('0', { 0: 0 });
      m.has(source, '                         ^--!');
    }),
  );

  it('stays quick however deep steps are nested, and however many there are', () => {
    let deep = step('a', (n: number) => n);
    for (let level = 0; level < 2000; level++) deep = named('n', deep);
    const wide = mapEach(step('b', (n: number) => n));
    const many = Array.from({ length: 20_000 }, (_, n) => n);
    const ends: number[] = [];
    run(deep, 1)
      .pipe(progress(), last())
      .subscribe((fraction) => ends.push(fraction));
    run(wide, many)
      .pipe(progress(), last())
      .subscribe((fraction) => ends.push(fraction));
    expect(ends).toEqual([1, 1]);
  });

  it('refuses options that mean nothing', () => {
    expect(() => progress({ weights: { a: -1 } })).toThrow(DefinitionError);
    expect(() => progress({ weights: { a: Number.NaN } })).toThrow('the weight NaN of a is not a number');
    expect(() => progress({ weights: { a: Number.POSITIVE_INFINITY } })).toThrow(DefinitionError);
    expect(() => progress({ expectedSteps: 0 })).toThrow(DefinitionError);
    expect(() => progress({ expectedSteps: 1.5 })).toThrow('expectedSteps 1.5');
    expect(() => progress({ weights: {} })).not.toThrow();
  });

  it('takes the events of any run', () => {
    const events$ = NEVER as Observable<RunEvent<number>>;
    expectTypeOf(events$.pipe(progress())).toEqualTypeOf<Observable<number>>();
    // @ts-expect-error: texts are no events
    () => (NEVER as Observable<string>).pipe(progress());
    // @ts-expect-error: a weight is a number
    () => progress({ weights: { a: '1' } });
  });
});
