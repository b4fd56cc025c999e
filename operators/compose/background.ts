import { asStep, nodeOf } from '../../src/core/as-step.ts';
import { AttemptFrame } from '../../src/core/attempt.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import type { Piece } from '../../src/core/piece.ts';
import type { Step } from '../../src/core/step-types.ts';

/**
 * Starts a step, does not wait for it, and gives its input as its output.
 *
 * notify               -----(value N)|
 * background(notify)   (notify started, value I)-----(notify completed)|
 *
 * What the step gives is of no use to the run, and its failure does no harm to it. The run, or the innermost step such as `named`
 * around it, is not over before the step has ended; one that fails, is cancelled or is tried again ends it.
 *
 * Errors: none of the step's. `DefinitionError` in a bare pipe, if no step is around it that can wait.
 *
 * Events: those of the step, its `step.failed` too. Paths: `/background/<id>`.
 *
 * Unsubscribing ends it with the run. A budget counts what it costs, and ends it with all else, as long as something else runs.
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
  #input: unknown;

  constructor(inside: Node, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.#inside = inside;
  }

  begin(input: unknown): void {
    const host = hostOf(this);
    const segment = this.#inside.name === '' ? '' : `/${this.#inside.name}`;
    this.#input = input;
    // It has begun before what comes next does.
    this.later();
    host.runAside(this.#inside, input, this.path + segment, this.scope);
  }

  override resume(): void {
    this.succeed(this.#input);
  }
}

/** The attempt that it belongs to: of the innermost step around it, or the run. */
function hostOf(frame: Frame): AttemptFrame {
  for (let above = frame.parent; above !== undefined; above = above.parent)
    if (above instanceof AttemptFrame) return above;
  throw new DefinitionError(
    'background: only a run, or a step, can have others beside it; use run, start or named',
  );
}
