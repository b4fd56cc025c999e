import { nodeOf, wrap } from '../../src/core/as-step.ts';
import { toErrorRecord } from '../../src/core/error-record.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import { segmentsOf } from '../../src/core/path.ts';
import type { Step } from '../../src/core/step-types.ts';

/**
 * Runs other steps in a failed step's place, on the same input: the first, and when that fails the next.
 *
 * step                          --#
 * basic                           ---(value)|
 * step.with(fallback(basic))    --(fallback, basic started)---(basic completed, completed)|
 *
 * Errors: the failure of the last fallback; `DefinitionError` when none is given.
 *
 * Events: `step.fallback` before each, its own events inside the step, then `step.completed` with `source: 'fallback'`.
 * Paths: `/<step>/!fallback:<id>`.
 *
 * @param steps who takes over, in order
 */
export function fallback<FI, FO>(
  ...steps: readonly Step<FI, FO, unknown>[]
): <I extends FI, O, P>(step: Step<I, O, P>) => Step<I, O | FO, P> {
  if (steps.length === 0) throw new DefinitionError('fallback: nobody takes over');
  const others = steps.map((other) => ({ id: other.id, node: nodeOf(other) }));
  const segments = segmentsOf(others.map(({ id }) => `!fallback:${id}`));
  return (step) => wrap(step, (inside) => new FallbackNode(inside, others, segments));
}

class FallbackNode implements Node {
  readonly name = '';
  readonly inside: Node;
  readonly others: readonly { readonly id: string; readonly node: Node }[];
  readonly segments: readonly string[];

  constructor(inside: Node, others: FallbackNode['others'], segments: readonly string[]) {
    this.inside = inside;
    this.others = others;
    this.segments = segments;
  }

  frame(parent: Frame, path: string, slot: number): Frame {
    return new FallbackFrame(this, parent, path, slot);
  }
}

class FallbackFrame extends Frame {
  readonly #node: FallbackNode;
  #input: unknown;
  #next = 0;

  constructor(node: FallbackNode, parent: Frame, path: string, slot: number) {
    super(parent.scope, parent, path, slot);
    this.#node = node;
  }

  protected begin(input: unknown): void {
    this.#input = input;
    this.spawn(this.#node.inside, input);
  }

  protected override childFailed(_child: Frame, error: unknown): void {
    const { others, segments } = this.#node;
    const index = this.#next++;
    const other = others[index];
    if (other === undefined) return this.fail(error);
    this.owner?.cameFrom('fallback');
    this.owner?.tell({ type: 'step.fallback', error: toErrorRecord(error), to: other.id });
    if (this.active) this.spawn(other.node, this.#input, segments[index]);
  }
}
