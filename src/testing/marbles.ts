import { configure } from 'rxjs-marbles';
import type { MarblesContext } from './marbles-context.ts';
import { refusePromises } from './promise-guard.ts';
import { TestingError } from './testing-error.ts';
import { VitestMarbles } from './vitest-marbles.ts';

const rxjsMarbles = configure({ run: true });

/**
 * Makes a vitest test of a marble test: `rxjs-marbles` in RxJS' run mode, strict.
 *
 * it('doubles', marbles((m) => {
 *   const source =       m.cold('-a-b-|', { a: 1, b: 2 });
 *   const subscription =        '^----!';
 *   const expected =            '-a-b-|';
 *   m.expect(source.pipe(map((n) => 2 * n))).toBeObservable(expected, { a: 2, b: 4 });
 *   m.has(source, subscription);
 * }));
 *
 * Time: virtual, in milliseconds, from 0. RxJS' schedulers and the clocks of runs follow it; `Date`, `setTimeout` and
 * promises do not.
 *
 * Errors: the test fails with {@link TestingError} when anything waits for a promise (a body that returns one or is an
 * async generator, `from(promise)`), when the callback is asynchronous, when an expectation was begun and nothing
 * expected, when time never ends.
 *
 * @param test what to do; more arguments, as from `it.each`, are handed through
 */
export function marbles<A extends readonly unknown[]>(
  test: (m: MarblesContext, ...args: A) => void | undefined,
): (...args: A) => void {
  return (...args) => {
    let returned: unknown;
    const play = rxjsMarbles.marbles((context) => {
      const m = new VitestMarbles(context);
      returned = test(m, ...args);
      if (isThenable(returned))
        throw new TestingError(
          'the callback of a marble test is asynchronous: what follows an await would be dropped',
        );
      m.end();
    });
    try {
      refusePromises(play);
    } finally {
      // What the rest of an asynchronous callback throws is not worth a second report.
      if (isThenable(returned)) returned.then(ignore, ignore);
    }
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

const ignore = (): void => {};
