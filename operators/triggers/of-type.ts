import { filter, type OperatorFunction } from 'rxjs';

/**
 * The events of one type, or of several.
 *
 * events$            --(a)--(b)--(a)--|
 * ofType('a')        --(a)-------(a)--|
 *
 * For the events of an {@link eventBus}, of a run, and of anything else that is told apart by `type`.
 *
 * Errors: those of the stream.
 *
 * Events: takes those of one run or of many, or of a bus.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { ofType } from 'tutti/operators';
 *
 * const greet = step('greet', (name: string) => `Hello ${name}`);
 * run(greet, 'you')
 *   .pipe(ofType('step.completed'))
 *   .subscribe(({ output }) => console.log(output)); // Hello you
 * ```
 *
 * @param types the ones to keep
 */
export function ofType<E extends { readonly type: string }, const T extends E['type']>(
  ...types: readonly T[]
): OperatorFunction<E, Extract<E, { readonly type: T }>> {
  const kept = new Set<string>(types);
  return filter((event): event is Extract<E, { readonly type: T }> => kept.has(event.type));
}
