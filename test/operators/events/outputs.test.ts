import { EMPTY, NEVER, type Observable, throwError } from 'rxjs';
import { run, step } from 'tutti';
import { cache, fallback, mapEach, outputs, retry, sequence } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expectTypeOf, it } from 'vitest';

const broken = new RangeError('broken');

describe('outputs', () => {
  it(
    'gives what a step gives, each time it completes',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--x-(y|)');
      const b = fakeStep(m, 'b', '-(b|)');
      m.expect(run(sequence(a, b, a), 'q').pipe(outputs(a))).toBeObservable('----y----(y|)');
    }),
  );

  it(
    'gives those of many items, as they complete',
    marbles((m) => {
      const a = fakeStep(m, 'a', (ms: string) => `${ms}ms (${ms}|)`);
      m.expect(run(mapEach(a), ['3', '1']).pipe(outputs(a))).toBeObservable('-1-(3|)');
    }),
  );

  it(
    'gives nothing of attempts that failed, nor of a step that fails',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '-(a|)']);
      const failing = fakeStep(m, 'failing', 'a-#');
      m.expect(run(a.with(retry({ delay: 1 })), 'q').pipe(outputs(a))).toBeObservable('---(a|)');
      m.expect(run(failing, 'q').pipe(outputs(failing))).toBeObservable('--|');
    }),
  );

  it(
    'gives what the step gives under its policies: from a cache, from a fallback',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-(a|)');
      const cached = a.with(cache());
      m.expect(
        run(
          sequence(
            cached,
            cached.using(() => 'q'),
          ),
          'q',
        ).pipe(outputs(a)),
      ).toBeObservable('-(aa|)');
      const failing = fakeStep(m, 'failing', '-#');
      const safe = failing.with(fallback(fakeStep(m, 'b', '-(b|)')));
      m.expect(run(safe, 'q').pipe(outputs(failing))).toBeObservable('--(b|)');
    }),
  );

  it(
    'completes when the run does, and passes on an error of the stream',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--|');
      m.expect(run(a, 'q').pipe(outputs(a))).toBeObservable('--(u|)', { u: undefined as unknown as string });
      m.expect(EMPTY.pipe(outputs(a))).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(outputs(a))).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'ends the run when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-----(a|)');
      const a = step('a', (_: string) => source);
      m.expect(run(a, 'q').pipe(outputs(a)), '^--!').toBeObservable('---');
      m.has(source, '                         ^--!');
    }),
  );

  it('knows the type of the output', () => {
    const length = step('length', (text: string) => text.length);
    expectTypeOf(NEVER.pipe(outputs(length))).toEqualTypeOf<Observable<number>>();
    // @ts-expect-error: it gives numbers
    () => NEVER.pipe(outputs(length)) satisfies Observable<string>;
    // @ts-expect-error: an id is no step
    () => outputs('length');
  });
});
