import { wrap } from '../../src/core/as-step.ts';
import { toErrorRecord } from '../../src/core/error-record.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import type { Step } from '../../src/core/step-types.ts';

/**
 * Makes an output of a failure, as RxJS' `catchError` does; to run another step instead, there is `fallback`.
 *
 * step                             --#
 * step.with(recover(() => 'none')) --(fallback, completed 'none')|
 *
 * Errors: what `handle` throws, such as the error itself where it does not care for it.
 *
 * Events: `step.fallback` to `recover`, then `step.completed` with `source: 'fallback'`.
 *
 * @param handle makes the output of the error and the step's input
 */
export function recover<FO>(
  handle: (error: unknown, input: unknown) => FO,
): <I, O, P>(step: Step<I, O, P>) => Step<I, O | FO, P> {
  return (step) => wrap(step, (inside) => new RecoverNode(inside, handle));
}

class RecoverNode implements Node {
  readonly name = '';
  readonly inside: Node;
  readonly handle: (error: unknown, input: unknown) => unknown;

  constructor(inside: Node, handle: RecoverNode['handle']) {
    this.inside = inside;
    this.handle = handle;
  }

  frame(parent: Frame, path: string, slot: number): Frame {
    return new RecoverFrame(this, parent, path, slot);
  }
}

class RecoverFrame extends Frame {
  readonly #node: RecoverNode;
  #input: unknown;

  constructor(node: RecoverNode, parent: Frame, path: string, slot: number) {
    super(parent.scope, parent, path, slot);
    this.#node = node;
  }

  protected begin(input: unknown): void {
    this.#input = input;
    this.spawn(this.#node.inside, input);
  }

  protected override childFailed(_child: Frame, error: unknown): void {
    const output = this.#node.handle(error, this.#input);
    this.owner?.cameFrom('fallback');
    this.owner?.tell({ type: 'step.fallback', error: toErrorRecord(error), to: 'recover' });
    this.succeed(output);
  }
}
