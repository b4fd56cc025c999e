import { asStep, nodeOf } from '../../src/core/as-step.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import type { Piece } from '../../src/core/piece.ts';
import { RunFrame } from '../../src/core/run-frame.ts';
import type { Step } from '../../src/core/step-types.ts';

/**
 * Starts a step, does not wait for it, and gives its input as its output.
 *
 * notify               -----(value N)|
 * background(notify)   (value I, notify started)-----(notify completed)|
 *
 * What the step gives is of no use to the run, and its failure does no harm to it. The run is not over before the step has ended; a
 * run that fails or is cancelled ends it.
 *
 * Errors: none of the step's. `DefinitionError` in a bare pipe, as only a run can wait for it.
 *
 * Events: those of the step, its `step.failed` too. Paths: `/background/<id>`.
 *
 * Unsubscribing ends it with the run.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { background, sequence } from 'tutti/operators';
 *
 * const notify = step('notify', async (order: number) => console.log(`order ${order} is paid`)); // order 12 is paid
 * const ship = step('ship', (order: number) => `order ${order} is on its way`);
 * console.log(await outputOf(run(sequence(background(notify), ship), 12))); // order 12 is on its way
 * ```
 *
 * @param step what is done beside the run
 */
export function background<I>(step: Step<I, unknown, unknown>): Step<I, I> {
  return asStep(new BackgroundNode(nodeOf(step, 'background: the step')));
}

class BackgroundNode implements Node {
  readonly name = 'background';
  readonly inside: Node;

  constructor(inside: Node) {
    this.inside = inside;
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new BackgroundFrame(this.inside, parent, path, slot);
  }
}

class BackgroundFrame extends Frame {
  readonly #inside: Node;

  constructor(inside: Node, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.#inside = inside;
  }

  begin(input: unknown): void {
    let root: Frame = this;
    for (let above = root.parent; above !== undefined; above = above.parent) root = above;
    if (!(root instanceof RunFrame))
      throw new DefinitionError('background: only a run can have steps beside it; use run or start');
    const segment = this.#inside.name === '' ? '' : `/${this.#inside.name}`;
    root.runAside(this.#inside, input, this.path + segment, this.scope);
    this.succeed(input);
  }
}
