import { EMPTY, type Observable, of } from 'rxjs';
import { type Emission, step } from 'tutti';
import { values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expectTypeOf, it } from 'vitest';

const broken = new RangeError('broken');
const length = step('length', (text: string) => text.length);

describe('values', () => {
  it(
    'gives the plain values of a bare pipe, without the events',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-x-(y|)');
      const source = m.cold('  a---------b|');
      const expected = '        ---y---------(y|)';
      m.expect(source.pipe(a, values())).toBeObservable(expected);
    }),
  );

  it(
    'gives every value, undefined and an event-like one too',
    marbles((m) => {
      const event = { type: 'step.started', seq: 0, runId: 'r', path: '/a' };
      const odd = step('odd', (index: number) => [undefined, null, event][index]);
      m.expect(of(0, 1, 2).pipe(odd, values())).toBeObservable('(uno|)', { u: undefined, n: null, o: event });
    }),
  );

  it(
    'completes with the pipe, with nothing on nothing',
    marbles((m) => {
      m.expect(EMPTY.pipe(length, values())).toBeObservable('|');
    }),
  );

  it(
    'fails with the failure of a step',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-(a|)', '-#'], { error: broken });
      m.expect(of('x', 'y').pipe(a, values())).toBeObservable('-a#', undefined, broken);
    }),
  );

  it(
    'ends the pipe when it is unsubscribed',
    marbles((m) => {
      const source = m.hot('a-----');
      const body = m.cold('--x|');
      const a = step('a', (_: string) => body);
      m.expect(source.pipe(a, values()), '^!').toBeObservable('-');
      m.has(source, '                     ^!');
      m.has(body, '                       ^!');
    }),
  );

  it('knows the type of the values', () => {
    expectTypeOf(of('a').pipe(length, values())).toEqualTypeOf<Observable<number>>();
    expectTypeOf(of('a').pipe(length)).toEqualTypeOf<Observable<Emission<number>>>();
    // @ts-expect-error: a pipe without steps has no emissions
    () => of('a').pipe(values());
    // @ts-expect-error: they are numbers
    () => of('a').pipe(length, values()) satisfies Observable<string>;
  });
});
