import { wrap } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import { BulkheadFullError, DefinitionError } from '../../src/core/errors.ts';
import { PolicyNode } from '../../src/core/policy-frame.ts';
import type { Policy } from '../../src/core/step-types.ts';
import { Slots } from './slots.ts';
import { WaitingFrame } from './waiting-frame.ts';
import type { Place, Waiter } from './waiting-line.ts';

export interface BulkheadOptions {
  /** How many may run at once: a whole number from 1. */
  readonly concurrency: number;
  /** How many more may wait until they can: a whole number or `Infinity`; default 0. */
  readonly queue?: number;
}

/** A {@link bulkhead}, with what goes on in it. */
export interface Bulkhead extends Policy {
  /** How many run. */
  readonly running: number;
  /** How many wait. */
  readonly waiting: number;
}

/**
 * Limits how many run at once, over all runs and all steps that it is applied to; a few more may wait.
 *
 * step                 ---(value)|
 * const shared = bulkhead({ concurrency: 1, queue: 1 })
 * step.with(shared)    (started)---(completed)|
 * step.with(shared)    (started, waiting)---(resumed)---(completed)|
 * step.with(shared)    (started, failed)#
 *
 * Steps begin in the order in which they came. Each call of `bulkhead` has slots of its own. Time spent in the line is
 * timed by a time-out around it (`with(shared, timeout('5s'))`) and not by one inside (`with(timeout('5s'), shared)`).
 *
 * Errors: `BulkheadFullError` when all slots and all waiting places are taken. `DefinitionError` for invalid options,
 * and for a step inside one that has a slot of the same bulkhead, which would wait for itself.
 *
 * Events: `step.waiting` (kind `event`, name `bulkhead`), then `step.resumed`, of each step that waits.
 *
 * Unsubscribing a step that runs frees its slot for the next in line; a step that waits leaves the line.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { bulkhead, mapEach } from 'tutti/operators';
 *
 * const render = step('render', async (page: number) => `page ${page}`).with(bulkhead({ concurrency: 2, queue: 8 }));
 * console.log((await outputOf(run(mapEach(render), [1, 2, 3]))).join(', ')); // page 1, page 2, page 3
 * ```
 *
 * Source of the default: cockatiel's bulkhead, which lets nobody wait.
 *
 * @param options `concurrency`, `queue`
 */
export function bulkhead(options: BulkheadOptions): Bulkhead {
  checkOptions<BulkheadOptions>('bulkhead', options, { concurrency: 'number', queue: 'number' });
  const { concurrency, queue = 0 } = options;
  if (!(Number.isInteger(concurrency) && concurrency >= 1))
    throw new DefinitionError(`bulkhead: concurrency ${concurrency} is not a whole number from 1`);
  if (!(queue >= 0 && (Number.isInteger(queue) || queue === Number.POSITIVE_INFINITY)))
    throw new DefinitionError(`bulkhead: queue ${queue} is not a whole number from 0, or Infinity`);
  const slots = new Slots(concurrency, queue);
  const policy: Policy = (step) => wrap(step, (inside) => new PolicyNode(inside, slots, BulkheadFrame));
  return Object.defineProperties(policy as Bulkhead, {
    running: { get: () => slots.taken, enumerable: true },
    waiting: { get: () => slots.waiting, enumerable: true },
  });
}

class BulkheadFrame extends WaitingFrame<Slots> {
  #holds = false;
  #place: Place<Waiter> | undefined;

  override begin(input: unknown): void {
    const slots = this.options;
    if (slots.taken > 0) this.#refuseInsideItself();
    if (slots.take()) {
      this.#holds = true;
      return super.begin(input);
    }
    this.#place = slots.join(this);
    if (this.#place === undefined) this.fail(new BulkheadFullError(slots.concurrency, slots.queue));
    else this.tellWaiting(input, { kind: 'event', name: 'bulkhead' });
  }

  override admit(): void {
    this.#holds = true;
    super.admit();
  }

  protected leave(): void {
    if (this.#holds) this.options.release();
    else if (this.#place !== undefined) this.options.leave(this.#place);
  }

  #refuseInsideItself(): void {
    for (let around = this.parent; around !== undefined; around = around.parent)
      if (around instanceof BulkheadFrame && around.options === this.options)
        throw new DefinitionError(
          `bulkhead: ${this.path} is inside ${around.path}, which holds a slot of the same bulkhead; it would wait for itself`,
        );
  }
}
