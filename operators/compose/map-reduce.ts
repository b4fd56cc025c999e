import { asStep, nodeOf } from '../../src/core/as-step.ts';
import { SequenceNode } from '../../src/core/sequence-node.ts';
import type { Step } from '../../src/core/step-types.ts';
import { folded, inputOrder, ordered } from './collector.ts';
import type { ItemsOf } from './items.ts';
import { type ItemOptions, mapNode, type Streaming } from './map-each.ts';
import type { FailureMode, ItemResult } from './options.ts';

/** How results become one, one by one; made by {@link fold}. */
export interface Fold<in O, out R> {
  readonly accumulate: (acc: never, result: O) => R;
  readonly seed: () => R;
  /** In which order results are taken in. */
  readonly order: 'input' | 'completion';
}

/**
 * Takes in results one by one, instead of keeping a list of them: for {@link mapReduce}.
 *
 * count                               --(value 1)|
 * mapReduce(count, fold(add, zero))   (count[0] started, count[1] started)--(value 2)|
 *
 * Errors: what `accumulate` and `seed` throw is the failure of the step.
 *
 * Events: none; it is no step.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { fold, mapReduce } from 'tutti/operators';
 *
 * const count = step('count', (text: string) => text.split(' ').length);
 * const longest = fold(
 *   (most: number, n: number) => Math.max(most, n),
 *   () => 0,
 * );
 * console.log(await outputOf(run(mapReduce(count, longest), ['to be', 'or not to be']))); // 4
 * ```
 *
 * @param accumulate makes the next value of the value so far and a result; it may change and return the value so far
 * @param seed makes the first value, for each run anew
 * @param order `'input'` (default): as the items came, keeping back what comes before its turn; `'completion'`: at once,
 *   in bounded memory
 */
export function fold<O, R>(
  accumulate: (acc: R, result: O) => R,
  seed: () => R,
  order: 'input' | 'completion' = 'input',
): Fold<O, R> {
  return { accumulate, seed, order };
}

/**
 * Runs a step for each of many items, and makes one result of all.
 *
 * count                   --(value 1)|
 * sum                     ---(value 2)|
 * mapReduce(count, sum)   (count[0] started, count[1] started)--(sum started)---(value 2)|
 *
 * Errors: the first failure, of an item or of the reducing step; with `failure: 'settle'` the reducing step receives a
 * {@link SettledItem} for each item, the failed ones too.
 *
 * Events: those of both steps. Paths: `/mapEach/<id>[<key>]`, then the reducing step's id.
 *
 * ```ts
 * import { step } from 'tutti';
 * import { fold, mapReduce } from 'tutti/operators';
 *
 * const count = step('count', (text: string) => text.split(' ').length);
 * const total = mapReduce(count, fold((sum: number, n: number) => sum + n, () => 0));
 * ```
 *
 * @param map what runs for each item
 * @param reduce a step that takes the list of outputs, or a {@link fold}
 * @param options as of `mapEach`: `over`, `keyBy`, `failure`, `concurrency`
 */
export function mapReduce<
  Item,
  O,
  R,
  T extends Item = Item,
  In = ItemsOf<T>,
  F extends FailureMode = 'fail-fast',
>(
  map: Step<Item, O, unknown>,
  reduce: Step<ItemResult<NoInfer<O>, F>[], R, unknown> | Fold<ItemResult<NoInfer<O>, F>, R>,
  options?: ItemOptions<In, T, F> & Streaming<T>,
): Step<In, R> {
  if (typeof reduce === 'function')
    return asStep(
      new SequenceNode([mapNode(map, inputOrder, options), nodeOf(reduce, 'mapReduce: reduce')]),
      'mapReduce',
    );
  const collector = folded(reduce.accumulate, reduce.seed);
  return asStep(
    mapNode(map, reduce.order === 'input' ? ordered(collector) : collector, options),
    'mapReduce',
  );
}
