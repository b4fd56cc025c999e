import { filter, map, type OperatorFunction } from 'rxjs';
import { type Emission, isValue } from '../../src/core/emission.ts';

/**
 * The plain values of a bare `pipe` of steps, without the events that travel with them.
 *
 * of('a').pipe(step)             (started)--(completed, Value A)|
 * of('a').pipe(step, values())   -----------(A)|
 *
 * Errors: those of the steps.
 *
 * Events: leaves them out.
 *
 * ```ts
 * import { of } from 'rxjs';
 * import { step } from 'tutti';
 * import { values } from 'tutti/operators';
 *
 * const size = step('size', (text: string) => text.length);
 * of('all', 'together').pipe(size, values()).subscribe((n) => console.log(n)); // 3, 8
 * ```
 */
export function values<T>(): OperatorFunction<Emission<T>, T> {
  return (emissions$) =>
    emissions$.pipe(
      filter((emission) => isValue(emission)),
      map(({ value }) => value),
    );
}
