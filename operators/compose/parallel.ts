import { asStep, nodeOf } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import type { Frame, Node } from '../../src/core/frame.ts';
import { encodeKey } from '../../src/core/path.ts';
import type { Piece } from '../../src/core/piece.ts';
import { Places } from '../../src/core/places.ts';
import type { InputOf, OutputOf, Step } from '../../src/core/step-types.ts';
import { type ConcurrencyOptions, type FailureMode, limitOf } from './options.ts';
import type { StepLike } from './step-like.ts';
import { WindowFrame } from './window-frame.ts';

/** Steps to run side by side, by key or by position. */
export type Branches = Readonly<Record<string, StepLike>> | readonly StepLike[];

export interface ParallelOptions<F extends FailureMode> extends ConcurrencyOptions {
  /** `'fail-fast'` (default): a failure cancels the others, and is that of all. `'settle'`: all end, and each has an outcome. */
  readonly failure?: F;
}

/**
 * Runs steps side by side on the same input, and joins their outputs into a record or a tuple.
 *
 * a                    --(value A)|
 * b                    -----(value B)|
 * parallel({ a, b })   (a started, b started)--(a completed)---({ a: A, b: B })|
 *
 * Without branches, the output is `{}` or `[]` at once.
 *
 * Errors: with `'fail-fast'` the first failure, after the other branches were cancelled; with `'settle'` none: the
 * output holds a `PromiseSettledResult` for each branch.
 *
 * Events: those of its steps; none of its own. Paths: `/parallel/<key>`.
 *
 * ```ts
 * import { step } from 'tutti';
 * import { parallel } from 'tutti/operators';
 *
 * const length = step('length', (text: string) => text.length);
 * const upper = step('upper', (text: string) => text.toUpperCase());
 * const both = parallel({ length, upper }); // Step<string, { length: number; upper: string }>
 * ```
 *
 * @param branches the steps, as a record or a tuple
 * @param options `failure`; `concurrency`, a whole number from 1, default no limit
 */
export function parallel<const B extends Branches, F extends FailureMode = 'fail-fast'>(
  branches: B,
  options: ParallelOptions<F> = {},
): Step<SharedInput<B>, F extends 'settle' ? SettledOutputs<B> : Outputs<B>> {
  checkOptions<ParallelOptions<F>>('parallel', options, { failure: 'string', concurrency: 'number' });
  return asStep(new ParallelNode(branches, options));
}

/** What all branches take: the intersection of their inputs. */
export type SharedInput<B> = {
  [K in keyof B]: (input: InputOf<B[K]>) => void;
}[B extends readonly unknown[] ? number & keyof B : keyof B] extends (input: infer I) => void
  ? I
  : unknown;

/** What the branches give, by key or by position. */
export type Outputs<B> = { -readonly [K in keyof B]: OutputOf<B[K]> };

/** How each branch ended, by key or by position. */
export type SettledOutputs<B> = { -readonly [K in keyof B]: PromiseSettledResult<OutputOf<B[K]>> };

/** The structure of steps that run side by side. */
export class ParallelNode implements Node {
  readonly name = 'parallel';
  readonly nodes: readonly Node[];
  /** The branches' keys, or undefined for a tuple. */
  readonly keys: readonly string[] | undefined;
  readonly places: Places;
  readonly settle: boolean;
  readonly limit: number;

  constructor(branches: Branches, options: ParallelOptions<FailureMode>, what = 'parallel') {
    const keys = Object.keys(branches);
    if (keys.includes('__proto__')) throw new DefinitionError(`${what}: a branch cannot be called __proto__`);
    this.nodes = keys.map((key) =>
      nodeOf(branches[key as keyof Branches], `${what}: branch ${JSON.stringify(key)}`),
    );
    this.keys = Array.isArray(branches) ? undefined : keys;
    this.places = new Places(keys.map((key) => `/${encodeKey(key)}`));
    this.settle = options.failure === 'settle';
    this.limit = limitOf(options, 'parallel');
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new ParallelFrame(this, parent, path, slot);
  }
}

class ParallelFrame extends WindowFrame {
  readonly #node: ParallelNode;
  readonly #results: unknown[];
  #input: unknown;
  #next = 0;

  constructor(node: ParallelNode, parent: Frame, path: string, slot: number) {
    super(node.limit, parent, path, slot);
    this.#node = node;
    this.#results = new Array(node.nodes.length);
  }

  begin(input: unknown): void {
    this.#input = input;
    this.pump();
  }

  protected hasNext(): boolean {
    return this.#next < this.#node.nodes.length;
  }

  protected override nothingToStart(): boolean {
    return !this.hasNext();
  }

  protected startNext(): boolean {
    const { nodes, places } = this.#node;
    const slot = this.#next++;
    return this.startChild(nodes[slot] as Node, this.#input, places.at(this.path, slot), slot);
  }

  override childSucceeded(child: Piece, value: unknown): void {
    this.#results[child.slot] = this.#node.settle ? { status: 'fulfilled', value } : value;
    this.childDone(child);
  }

  override childFailed(child: Piece, reason: unknown): void {
    if (!this.#node.settle) return this.fail(reason);
    this.#results[child.slot] = { status: 'rejected', reason };
    this.childDone(child);
  }

  protected idle(): void {
    this.succeed(inShape(this.#node.keys, this.#results));
  }
}

function inShape(keys: readonly string[] | undefined, results: unknown[]): unknown {
  if (keys === undefined) return results;
  const record: Record<string, unknown> = {};
  for (const [slot, key] of keys.entries()) record[key] = results[slot];
  return record;
}
