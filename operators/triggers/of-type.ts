import { filter, type OperatorFunction } from 'rxjs';

/**
 * The events of one type, or of several.
 *
 * events$            --(a)--(b)--(a)--|
 * ofType('a')        --(a)-------(a)--|
 *
 * For the events of an {@link eventBus}, of a run, and of anything else that is told apart by `type`.
 *
 * @param types the ones to keep
 */
export function ofType<E extends { readonly type: string }, const T extends E['type']>(
  ...types: readonly T[]
): OperatorFunction<E, Extract<E, { readonly type: T }>> {
  const kept = new Set<string>(types);
  return filter((event): event is Extract<E, { readonly type: T }> => kept.has(event.type));
}
