import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { wrap } from '../../src/core/as-step.ts';
import { encode } from '../../src/core/codec.ts';
import { type Duration, toMs } from '../../src/core/duration.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import type { Policy } from '../../src/core/step-types.ts';
import { CacheStore, type Flight } from './cache-store.ts';

export interface CacheOptions {
  /** How many outputs are kept, the least recently used going first: a whole number, default 1000. */
  readonly max?: number;
  /** How long an output is good for; default for ever. */
  readonly ttl?: Duration;
  /** What of an input makes it the same as another; default all of it. */
  readonly key?: (input: never) => unknown;
}

/**
 * Remembers a step's outputs by its input, over all runs; who asks while the answer is being made waits for it.
 *
 * step.with(cache())   first   (started)--(completed, source live)|
 *                      again   (started, completed, source cache)|
 *
 * The key is the SHA-256 of the step's id and its input as canonical JSON, so the order of an object's keys does not matter.
 * A failure is not remembered, but shared with those who wait. When the one who makes the answer is cancelled, the next who
 * waits makes it. Each call of `cache` has a memory of its own, shared by all steps it is applied to.
 *
 * Time: `ttl` in milliseconds on the clock of the run that asks.
 *
 * Errors: `NonSerializableOutputError` for an input that cannot be written down; give `key` then.
 *
 * Events: none of its own; `step.completed` says `source: 'cache'`, at no cost and without partials.
 *
 * Unsubscribing one who waits leaves the others alone.
 *
 * Source of the default size and of the key: the MachPay page.
 *
 * @param options `max`, `ttl`, `key`
 */
export function cache(options: CacheOptions = {}): Policy {
  const { max = 1000, ttl, key } = options;
  const store = new CacheStore(max, ttl === undefined ? undefined : toMs(ttl, 'cache: ttl'));
  return (step) => wrap(step, (inside) => new CacheNode(inside, store, step.id, key));
}

class CacheNode implements Node {
  readonly name = '';
  readonly inside: Node;
  readonly store: CacheStore;
  readonly #id: string;
  readonly #key: ((input: never) => unknown) | undefined;

  constructor(inside: Node, store: CacheStore, id: string, key: ((input: never) => unknown) | undefined) {
    this.inside = inside;
    this.store = store;
    this.#id = id;
    this.#key = key;
  }

  keyOf(input: unknown): string {
    const facts = this.#key === undefined ? input : this.#key(input as never);
    return bytesToHex(sha256(utf8ToBytes(`${this.#id}:${JSON.stringify(encode(facts))}`)));
  }

  frame(parent: Frame, path: string, slot: number): Frame {
    return new CacheFrame(this, parent, path, slot);
  }
}

class CacheFrame extends Frame {
  readonly #node: CacheNode;
  #key = '';
  #input: unknown;
  #flight: Flight | undefined;

  constructor(node: CacheNode, parent: Frame, path: string, slot: number) {
    super(parent.scope, parent, path, slot);
    this.#node = node;
  }

  protected begin(input: unknown): void {
    const { store } = this.#node;
    this.#key = this.#node.keyOf(input);
    const hit = store.get(this.#key, this.scope.clock.at);
    if (hit !== undefined) return this.served(hit.value);
    this.#input = input;
    this.#flight = store.join(this.#key, this);
  }

  /** It is the one who makes the answer. */
  lead(): void {
    this.scope.clock.wake();
    this.spawn(this.#node.inside, this.#input);
  }

  /** Another has made the answer. */
  served(value: unknown): void {
    this.scope.clock.wake();
    this.owner?.cameFrom('cache');
    this.succeed(value);
  }

  /** Another has failed to make the answer. */
  refused(error: unknown): void {
    this.scope.clock.wake();
    this.fail(error);
  }

  protected override childSucceeded(_child: Frame, value: unknown): void {
    this.#node.store.set(this.#key, value, this.scope.clock.at);
    this.succeed(value);
    this.#flight?.landed(value);
  }

  protected override childFailed(_child: Frame, error: unknown): void {
    this.fail(error);
    this.#flight?.crashed(error);
  }

  protected override stop(): void {
    this.#flight?.leave(this);
  }
}
