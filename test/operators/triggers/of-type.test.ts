import { EMPTY, type Observable, of } from 'rxjs';
import { type RunFailed, type RunStarted, run, type StepProgress, step } from 'tutti';
import { type BusEvent, ofType } from 'tutti/operators';
import { marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';

type Event = BusEvent<'a', number> | BusEvent<'b', string>;

const a = (data: number): BusEvent<'a', number> => ({ type: 'a', data, at: 0 });
const b = (data: string): BusEvent<'b', string> => ({ type: 'b', data, at: 0 });

describe('ofType', () => {
  it(
    'lets the events of one type through, or of several',
    marbles((m) => {
      const values = { a: a(1), b: b('x') };
      const events$ = m.cold<Event>('-a-ba-|', values);
      m.expect(events$.pipe(ofType('a'))).toBeObservable('-a--a-|', { a: values.a });
      m.expect(events$.pipe(ofType('a', 'b'))).toBeObservable('-a-ba-|', values);
      m.expect(events$.pipe(ofType())).toBeObservable('------|');
    }),
  );

  it(
    'passes on an error, and lets go of the source',
    marbles((m) => {
      const broken = new RangeError('broken');
      m.expect(m.cold<Event>('-#', {}, broken).pipe(ofType('a'))).toBeObservable('-#', {}, broken);
      const endless = m.cold<Event>('-a-a-', { a: a(1) });
      m.expect(endless.pipe(ofType('a')), '^-!').toBeObservable('-a', { a: a(1) });
      m.has(endless, '^-!');
    }),
  );

  it('knows the events of a run', () => {
    const double = step('double', (n: number) => 2 * n);
    const types: string[] = [];
    run(double, 1)
      .pipe(ofType('step.completed', 'run.completed'))
      .subscribe(({ type, output }) => types.push(`${type} ${output}`));
    expect(types).toEqual(['step.completed 2', 'run.completed 2']);
  });

  it('gives events the types that they have', () => {
    const events$ = of<Event[]>(a(1), b('x'));
    expectTypeOf(events$.pipe(ofType('a'))).toEqualTypeOf<Observable<BusEvent<'a', number>>>();
    expectTypeOf(events$.pipe(ofType('a', 'b'))).toEqualTypeOf<Observable<Event>>();
    const events: Observable<RunStarted | RunFailed | StepProgress> = EMPTY;
    expectTypeOf(events.pipe(ofType('run.failed'))).toEqualTypeOf<Observable<RunFailed>>();
    // @ts-expect-error: no such type
    () => events$.pipe(ofType('c'));
  });
});
