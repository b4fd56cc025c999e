import { filter, map, type OperatorFunction } from 'rxjs';
import { type Emission, isValue } from '../../src/core/emission.ts';

/**
 * The plain values of a bare `pipe` of steps, without the events that travel with them.
 *
 * of('a').pipe(step)             (started)--(completed, Value A)|
 * of('a').pipe(step, values())   -----------(A)|
 */
export function values<T>(): OperatorFunction<Emission<T>, T> {
  return (emissions$) =>
    emissions$.pipe(
      filter((emission) => isValue(emission)),
      map(({ value }) => value),
    );
}
