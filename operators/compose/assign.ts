import type { Observable } from 'rxjs';
import { asStep } from '../../src/core/as-step.ts';
import type { Emission } from '../../src/core/emission.ts';
import { DefinitionError, textOf } from '../../src/core/errors.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import type { Piece } from '../../src/core/piece.ts';
import type { Step } from '../../src/core/step-types.ts';
import { type Outputs, ParallelNode, type SharedInput } from './parallel.ts';
import type { StepLike } from './step-like.ts';

export declare const adds: unique symbol;

/** A step that gives whatever record it takes, with `Add` put in. */
export interface Assign<Need, Add> extends Pick<Step<Need, Need & Add>, keyof Step<Need, Need & Add>> {
  <X extends Need>(source: Observable<X | Emission<X>>): Observable<Emission<X & Add>>;
  /** Only in types: what it puts in. */
  readonly [adds]: Add;
}

/**
 * Grows a record: runs steps side by side on it, and puts each one's output in under its key.
 *
 * count                  --(value 2)|
 * assign({ n: count })   (count started)--({ text: 'a b', n: 2 })|
 *
 * Errors: the first failure, after the other steps were cancelled. An input that is not a record gives a
 * `DefinitionError`.
 *
 * Events: those of its steps; none of its own. Paths: `/assign/<key>`.
 *
 * ```ts
 * import { step } from 'tutti';
 * import { assign, sequence } from 'tutti/operators';
 *
 * const count = step('count', ({ text }: { text: string }) => text.split(' ').length);
 * const rate = step('rate', ({ n }: { n: number }) => n / 60);
 * const measured = sequence(assign({ n: count }), assign({ minutes: rate }));
 * // Step<{ text: string }, { text: string } & { n: number } & { minutes: number }>
 * ```
 *
 * @param steps the steps, by the key their output gets
 */
export function assign<const B extends Readonly<Record<string, StepLike>>>(
  steps: B,
): Assign<SharedInput<B>, Outputs<B>> {
  const step = asStep<SharedInput<B>, SharedInput<B> & Outputs<B>>(
    new AssignNode(new ParallelNode(steps, {}, 'assign')),
  );
  return step as Assign<SharedInput<B>, Outputs<B>>;
}

class AssignNode implements Node {
  readonly name = 'assign';
  readonly #parallel: Node;

  constructor(inside: Node) {
    this.#parallel = inside;
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new AssignFrame(this.#parallel, parent, path, slot);
  }
}

class AssignFrame extends Frame {
  readonly #parallel: Node;
  #record: object = {};

  constructor(inside: Node, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.#parallel = inside;
  }

  begin(record: unknown): void {
    if (typeof record !== 'object' || record === null)
      throw new DefinitionError(`assign: the input must be an object, but it is ${textOf(record)}`);
    this.#record = record;
    this.spawn(this.#parallel, record);
  }

  override childSucceeded(_child: Piece, added: unknown): void {
    this.succeed({ ...this.#record, ...(added as object) });
  }
}
