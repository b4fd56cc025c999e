import { EMPTY, NEVER, type Observable, of, throwError } from 'rxjs';
import { type RunEvent, run, step } from 'tutti';
import { mapEach, retry, sequence, type TextSoFar, text } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';

const broken = new RangeError('broken');

/** What `text` gives for the letters of a marble diagram. */
const soFar = (path: string, texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(texts).map(([letter, value]) => [letter, { path, text: value }]));

describe('text', () => {
  it(
    'gives the text so far, with each part that comes',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-a-b--c|', { values: { a: 'he', b: 'll', c: 'o' } });
      m.expect(run(a, 'q').pipe(text(a))).toBeObservable(
        '-a-b--c|',
        soFar('/a', { a: 'he', b: 'hell', c: 'hello' }),
      );
    }),
  );

  it(
    'begins anew with a retry',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['ab#', '-c|']);
      m.expect(run(a.with(retry({ delay: 2 })), 'q').pipe(text(a))).toBeObservable(
        'abx--c|',
        soFar('/a', { a: 'a', b: 'ab', x: '', c: 'c' }),
      );
    }),
  );

  it(
    'begins anew where the same path does',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['a-b|', 'c-----|']);
      const outer = sequence(a, fakeStep(m, 'b', ['#', '(b|)'])).with(retry({ delay: 1 }));
      m.expect(run(outer, 'q').pipe(text(a))).toBeObservable(
        'a-b-c-----|',
        soFar('/sequence/a', { a: 'a', b: 'ab', c: 'c' }),
      );
    }),
  );

  it(
    'keeps the texts of different paths apart',
    marbles((m) => {
      const a = fakeStep(m, 'a', (letter: string) => (letter === 'x' ? '-x-x|' : '--y|'));
      m.expect(run(mapEach(a), ['x', 'y']).pipe(text(a))).toBeObservable('-ayb|', {
        a: { path: '/a[0]', text: 'x' },
        y: { path: '/a[1]', text: 'y' },
        b: { path: '/a[0]', text: 'xx' },
      });
    }),
  );

  it(
    'gives nothing of other steps, nor of one that streams nothing',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-|');
      const b = fakeStep(m, 'b', '-b|');
      m.expect(run(sequence(a, b), 'q').pipe(text(a))).toBeObservable('---|');
    }),
  );

  it(
    'begins anew for each who listens',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-a-b|');
      const texts$ = run(a, 'q').pipe(text(a));
      m.expect(texts$).toBeObservable('-a-b|', soFar('/a', { a: 'a', b: 'ab' }));
      m.expect(texts$, '--^').toBeObservable('---a-b|', soFar('/a', { a: 'a', b: 'ab' }));
    }),
  );

  it(
    'completes when the run does, however that ends, and passes on an error of the stream',
    marbles((m) => {
      const failing = fakeStep(m, 'failing', '-a-#', { error: broken });
      m.expect(run(failing, 'q').pipe(text(failing))).toBeObservable('-a-|', soFar('/failing', { a: 'a' }));
      m.expect(EMPTY.pipe(text(failing))).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(text(failing))).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'ends the run when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      m.expect(run(a, 'q').pipe(text(a)), '^--!').toBeObservable('-a-', soFar('/a', { a: 'a' }));
      m.has(source, '                      ^--!');
    }),
  );

  it('does not hold on to the texts of those who do not listen any more', () => {
    const a = step('a', (_: string) => of('x'));
    const operator = text(a);
    const last: TextSoFar[] = [];
    for (let i = 0; i < 2; i++)
      run(a, 'q')
        .pipe(operator)
        .subscribe((soFar) => last.push(soFar));
    expect(last).toEqual([
      { path: '/a', text: 'x' },
      { path: '/a', text: 'x' },
    ]);
  });

  it('takes a step that streams text', () => {
    const streaming = step('streaming', async function* (_: string) {
      yield 'x';
      return 5;
    });
    expectTypeOf((NEVER as Observable<RunEvent>).pipe(text(streaming))).toEqualTypeOf<
      Observable<TextSoFar>
    >();
    const counting = step('counting', (_: string) => of(1, 2));
    // @ts-expect-error: it streams numbers
    () => text(counting);
  });
});
