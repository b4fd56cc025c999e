import { asStep, isStep, nodeOf } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import type { Step } from '../../src/core/step-types.ts';
import { type CollectorFactory, completionOrder, inputOrder } from './collector.ts';
import type { ItemsOf } from './items.ts';
import { MapNode } from './map-node.ts';
import { type ConcurrencyOptions, type FailureMode, type ItemResult, limitOf } from './options.ts';

/** Where the items come from, and what tells them apart. */
export interface ItemOptions<In, Item, F extends FailureMode> extends ConcurrencyOptions {
  /**
   * What holds the items, by the input; or a step whose partials are the items, so that work on the first begins while
   * the rest is being produced. Default: the input itself.
   */
  readonly over?: ((input: In) => ItemsOf<Item>) | Step<In, unknown, Item>;
  /** What an item's path calls it; without it, items of an array go by their index. Others need it. */
  readonly keyBy?: (item: NoInfer<Item>, index: number) => string | number;
  /** `'fail-fast'` (default): a failure cancels the others, and is that of all. `'settle'`: all end, and each has an outcome. */
  readonly failure?: F;
}

/** Refuses, as `over`, a step that streams nothing: it would have no items, whatever its output. */
export type Streaming<Item> = [Item] extends [never]
  ? { readonly over?: ((input: never) => unknown) & { readonly id?: 'of a step that streams items' } }
  : unknown;

export interface MapOptions<In, Item, F extends FailureMode> extends ItemOptions<In, Item, F> {
  /** Of the outputs: as the items came (default), or as the outputs did. */
  readonly order?: 'input' | 'completion';
}

/**
 * Runs a step for each of many items, side by side, and gives the list of outputs.
 *
 * step                                --(value A)|
 * mapEach(step)                       (step[0] started, step[1] started)--([A, A])|
 * mapEach(step, { concurrency: 1 })   (step[0] started)--(step[1] started)--([A, A])|
 *
 * Items may be held by an array, an iterable, an AsyncIterable or an Observable. An AsyncIterable is asked for an item
 * only when there is room for it; what an Observable or a step emits is kept until there is. No items give `[]`.
 *
 * Errors: with `'fail-fast'` the first failure, after the other items were cancelled; with `'settle'` none, the list
 * holds a {@link SettledItem} for each: a `PromiseSettledResult` with the item's `key`. `DuplicateKeyError` for two
 * items with one key. Where the source of the items fails, so does the step.
 *
 * Events: those of the step, for each item; none of its own. Paths: `/mapEach/<id>[<key>]`.
 *
 * Unsubscribing ends what runs and lets go of the source.
 *
 * ```ts
 * import { step } from 'tutti';
 * import { mapEach } from 'tutti/operators';
 *
 * const size = step('size', (file: { name: string; bytes: Uint8Array }) => file.bytes.length);
 * const sizes = mapEach(size, { keyBy: (file) => file.name, concurrency: 4 });
 * ```
 *
 * @param step what runs for each item
 * @param options `over`, `keyBy`, `order`, `failure`; `concurrency`, a whole number from 1, default no limit
 */
export function mapEach<Item, O, T extends Item = Item, In = ItemsOf<T>, F extends FailureMode = 'fail-fast'>(
  step: Step<Item, O, unknown>,
  options?: MapOptions<In, T, F> & Streaming<T>,
): Step<In, ItemResult<O, F>[]> {
  const collector = options?.order === 'completion' ? completionOrder : inputOrder;
  return asStep(mapNode(step, collector, options));
}

/** The structure of a map, with whatever puts its results together. */
export function mapNode<In, Item>(
  step: Step<Item, unknown, unknown>,
  collector: CollectorFactory,
  options: ItemOptions<In, Item, FailureMode> = {},
): MapNode {
  checkOptions<MapOptions<In, Item, FailureMode>>('mapEach', options, {
    over: 'function',
    keyBy: 'function',
    failure: 'string',
    order: 'string',
    concurrency: 'number',
  });
  const { over, keyBy, failure } = options;
  const items = over === undefined ? identity : isStep(over) ? nodeOf(over) : over;
  if (isStep(over) && keyBy === undefined)
    throw new DefinitionError(`mapEach: the items that the step ${over.id} streams need keyBy`);
  if (isStep(over) && nodeOf(over).forgetsPartials === true)
    throw new DefinitionError(
      `mapEach: ${over.id} has a cache, which keeps its output and not what it streams`,
    );
  return new MapNode({
    each: nodeOf(step, 'mapEach: the first argument'),
    items: items as MapNode['items'],
    keyBy: keyBy as MapNode['keyBy'],
    settle: failure === 'settle',
    limit: limitOf(options, 'mapEach'),
    collector,
  });
}

const identity = (input: unknown): unknown => input;
