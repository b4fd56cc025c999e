import type { Observable } from 'rxjs';
import { EMPTY, NEVER, throwError } from 'rxjs';
import { run, step } from 'tutti';
import { mapEach, parallel, partials, retry, sequence } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expectTypeOf, it } from 'vitest';

const broken = new RangeError('broken');

describe('partials', () => {
  it(
    'gives what a step streams, as it comes',
    marbles((m) => {
      const a = fakeStep(m, 'a', '  -a-b--c|', { values: { a: 1, b: 2, c: 3 } });
      const b = fakeStep(m, 'b', '         -x|');
      const expected = '            -a-b--c--|';
      m.expect(run(sequence(a, b), 'q').pipe(partials(a))).toBeObservable(expected, { a: 1, b: 2, c: 3 });
    }),
  );

  it(
    'gives nothing of a step that streams nothing, or is not there',
    marbles((m) => {
      const silent = step('silent', (_: string) => m.cold('--|'));
      const absent = fakeStep(m, 'absent', 'a|');
      m.expect(run(silent, 'q').pipe(partials(silent))).toBeObservable('--|');
      m.expect(run(silent, 'q').pipe(partials(absent))).toBeObservable('--|');
    }),
  );

  it(
    'gives those of the step wherever it is, and as often as it runs',
    marbles((m) => {
      const a = fakeStep(m, 'a', (ms: string) => `${ms}ms (${ms}|)`);
      const both = parallel({ many: mapEach(a), one: a.using((_: string[]) => '2') });
      m.expect(run(both, ['1', '3']).pipe(partials(a))).toBeObservable('-12(3|)');
    }),
  );

  it(
    'gives those of the step under policies, of every attempt',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['ab#', 'a-b|']);
      const again = a.with(retry({ delay: 2 })).map((last) => last.length);
      m.expect(run(again, 'q').pipe(partials(a))).toBeObservable('  ab--a-b|');
    }),
  );

  it(
    'gives what a body streams by ctx.partial, too',
    marbles((m) => {
      const telling = step('telling', (_: string, { partial }) => {
        m.cold('-a-b').subscribe((chunk) => (partial as (chunk: string) => void)(chunk));
        return m.cold('--c-|');
      });
      m.expect(run(telling, 'q').pipe(partials(telling))).toBeObservable('-acb|');
    }),
  );

  it(
    'completes when the run does, however that ends, and passes on an error of the stream',
    marbles((m) => {
      const failing = fakeStep(m, 'failing', '-a-#', { error: broken });
      m.expect(run(failing, 'q').pipe(partials(failing))).toBeObservable('-a-|');
      m.expect(EMPTY.pipe(partials(failing))).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(partials(failing))).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'ends the run when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      m.expect(run(a, 'q').pipe(partials(a)), '^---!').toBeObservable('-a-b');
      m.has(source, '                          ^---!');
    }),
  );

  it('knows the type of the chunks', () => {
    const chunked = step('chunked', async function* (_: string) {
      yield { delta: 'x' };
      return 5;
    });
    expectTypeOf(NEVER.pipe(partials(chunked))).toEqualTypeOf<Observable<{ delta: string }>>();
    const silent = step('silent', (_: string) => 5);
    expectTypeOf(NEVER.pipe(partials(silent))).toEqualTypeOf<Observable<never>>();
    // @ts-expect-error: chunks are records, not texts
    () => NEVER.pipe(partials(chunked)) satisfies Observable<string>;
    // @ts-expect-error: an id is no step
    () => partials('chunked');
  });
});
