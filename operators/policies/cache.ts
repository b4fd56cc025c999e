import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { nodeOf, wrap } from '../../src/core/as-step.ts';
import { AttemptNode } from '../../src/core/attempt.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import { encode } from '../../src/core/codec.ts';
import { type Duration, toMs } from '../../src/core/duration.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import type { Node } from '../../src/core/frame.ts';
import type { Piece } from '../../src/core/piece.ts';
import { PolicyFrame, PolicyNode } from '../../src/core/policy-frame.ts';
import { beforeUndoing, type Compensations, handOut, type SagaBoundary } from '../../src/core/saga.ts';
import type { Step } from '../../src/core/step-types.ts';
import { CacheStore, type Flight, type Passenger } from './cache-store.ts';

export interface CacheOptions<I = unknown> {
  /** How many outputs are kept, the least recently used going first: a whole number from 1, default 1000. */
  readonly max?: number;
  /** How long an output is good for; 0 is only as long as it is being made; default for ever. */
  readonly ttl?: Duration;
  /** What of an input makes it the same as another; default all of it. */
  readonly key?: (input: I) => unknown;
}

/**
 * Remembers a step's outputs by its input, over all runs; a call that comes while the answer is being made waits for
 * it.
 *
 * step          --(value A)|
 * const cached = step.with(cache())
 * cached        (started)--(completed live)|
 * then cached   (started, completed cache)|
 *
 * The key is the SHA-256 of the step and its input as canonical JSON, so the order of an object's keys does not
 * matter; a step with another `using` or `map` is another step. A failure is not remembered, but shared with those who
 * wait. When the one who makes the answer is cancelled, the next who waits makes it. Each call of `cache` has a memory
 * of its own, shared by all steps it is applied to. An output that a {@link compensate} on the same step or inside it
 * undoes is forgotten; one that comes from the cache is not undone, as it is the work of an earlier call.
 *
 * Time: `ttl` in milliseconds on the clock of the run that asks.
 *
 * Errors: `NonSerializableOutputError` for an input that cannot be written down; give `key` then. `DefinitionError`
 * for invalid options.
 *
 * Events: none of its own; `step.completed` says `source: 'cache'`, at no cost and without partials.
 *
 * Unsubscribing one who waits leaves the others alone.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { cache, ofType } from 'tutti/operators';
 *
 * const size = step('size', (text: string) => text.length).with(cache({ max: 100, ttl: '1h' }));
 * for (const text of ['all', 'all'])
 *   run(size, text)
 *     .pipe(ofType('step.completed'))
 *     .subscribe(({ output, source }) => console.log(`${output} ${source}`)); // 3 live, 3 cache
 * ```
 *
 * Source of the default size and of the key: the MachPay page.
 *
 * @param options `max`, `ttl`, `key`
 */
export function cache<FI = unknown>(
  options: CacheOptions<FI> = {},
): <I extends FI, O, P>(step: Step<I, O, P>) => Step<I, O, P> {
  checkOptions<CacheOptions<FI>>('cache', options, { max: 'number', ttl: 'any', key: 'function' });
  const { max = 1000, ttl, key } = options;
  if (!(Number.isInteger(max) && max >= 1))
    throw new DefinitionError(`cache: max ${max} is not a whole number from 1`);
  const store = new CacheStore(max, ttl === undefined ? undefined : toMs(ttl, 'cache: ttl'));
  return (step) => {
    const place = `${step.id}:${store.placeOf(workOf(nodeOf(step)))}`;
    const keyOf = (input: unknown): string => hash(place, key === undefined ? input : key(input as FI));
    return wrap(step, (inside) => new PolicyNode(inside, { store, keyOf }, CacheFrame));
  };
}

/** What a step does, whatever policies are around it: its body with its adapters, which go by their edge, or its structure. */
function workOf(node: Node): object {
  if (node instanceof PolicyNode) return workOf(node.inside);
  if (!(node instanceof AttemptNode)) return node;
  const { edge, inside } = node;
  return inside instanceof PolicyNode && Object.keys(edge).length === 0 ? workOf(inside) : edge;
}

function hash(place: string, facts: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(`${place}:${JSON.stringify(encode(facts))}`)));
}

interface CachePlan {
  readonly store: CacheStore;
  readonly keyOf: (input: unknown) => string;
}

class CacheFrame extends PolicyFrame<CachePlan> implements Passenger, SagaBoundary {
  static readonly forgetsPartials = true;
  compensations: Compensations | undefined = undefined;
  #key = '';
  #flight: Flight | undefined;
  #forget: (() => void) | undefined;

  override begin(input: unknown): void {
    const { store, keyOf } = this.options;
    this.#key = keyOf(input);
    const hit = store.get(this.#key, this.scope.clock.at);
    if (hit !== undefined) return this.served(hit.value);
    this.input = input;
    // Inside the one that makes the answer, it would wait for itself.
    if (store.isMaking(this.#key) && this.#isInsideItself()) super.begin(input);
    else this.#flight = store.join(this.#key, this);
  }

  #isInsideItself(): boolean {
    for (let around = this.parent; around !== undefined; around = around.parent)
      if (
        around instanceof CacheFrame &&
        around.options.store === this.options.store &&
        around.#key === this.#key
      )
        return true;
    return false;
  }

  lead(): void {
    this.scope.clock.wake();
    super.begin(this.input);
  }

  served(value: unknown): void {
    this.scope.clock.wake();
    // An earlier life of the run may have begun to work it out.
    this.scope.journal?.passOver(this.path, this.reserved);
    this.owner?.cameFrom('cache');
    this.succeed(value);
  }

  refused(error: unknown): void {
    this.scope.clock.wake();
    this.fail(error);
  }

  // Those who wait are served first, so that they hear of it last: what is pushed last goes on first.
  override childSucceeded(_child: Piece, value: unknown): void {
    this.#forget = this.options.store.set(this.#key, value, this.scope.clock.at);
    beforeUndoing(this, this.#forget);
    this.#flight?.landed(value);
    this.succeed(value);
  }

  override childFailed(_child: Piece, error: unknown): void {
    this.#flight?.crashed(error);
    this.fail(error);
  }

  override settling(): void {
    this.#flight?.leave(this);
    this.#handOn();
  }

  override stop(): void {
    this.#flight?.leave(this);
    this.#handOn();
  }

  /** What is inside and undone later is no output to remember. */
  #handOn(): void {
    const { compensations } = this;
    if (compensations === undefined) return;
    this.compensations = undefined;
    const forget = this.#forget;
    const all = [...compensations.values()];
    handOut(
      this,
      forget === undefined ? all : all.map((one) => ({ ...one, forgets: [...one.forgets, forget] })),
    );
  }
}
