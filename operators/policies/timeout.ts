import { wrap } from '../../src/core/as-step.ts';
import { Cancellation } from '../../src/core/cancellation.ts';
import { type Duration, toMs } from '../../src/core/duration.ts';
import { StepTimeoutError } from '../../src/core/errors.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import type { Policy } from '../../src/core/step-types.ts';

/**
 * Gives up on a step that takes too long, and aborts its signal.
 *
 * step                        --------(value)|
 * step.with(timeout('5ms'))   -----(failed)#
 *
 * Time: milliseconds on the run's clock. What it times is what it is put around: `with(timeout('1s'), retry())` each
 * attempt, `with(retry(), timeout('1s'))` all attempts and the delays between them.
 *
 * Errors: `StepTimeoutError`, which is also the reason of the aborted signal.
 *
 * Events: none of its own; what ran inside tells of its cancellation.
 *
 * Unsubscribing ends the step and the timer.
 *
 * @param duration milliseconds, or words such as `'30s'`
 */
export function timeout(duration: Duration): Policy {
  const ms = toMs(duration, 'timeout');
  return (step) => wrap(step, (inside) => new TimeoutNode(inside, ms));
}

class TimeoutNode implements Node {
  readonly name = '';
  readonly inside: Node;
  readonly ms: number;

  constructor(inside: Node, ms: number) {
    this.inside = inside;
    this.ms = ms;
  }

  frame(parent: Frame, path: string, slot: number): Frame {
    return new TimeoutFrame(this, parent, path, slot);
  }
}

class TimeoutFrame extends Frame {
  readonly #node: TimeoutNode;

  constructor(node: TimeoutNode, parent: Frame, path: string, slot: number) {
    super(parent.scope, parent, path, slot);
    this.#node = node;
  }

  protected begin(input: unknown): void {
    const { inside, ms } = this.#node;
    this.after(ms, () => {
      const error = new StepTimeoutError(this.owner?.id ?? '', ms);
      this.cancelChildren(new Cancellation(error.message, error));
      this.fail(error);
    });
    this.spawn(inside, input);
  }
}
