import { wrap } from '../../src/core/as-step.ts';
import { AttemptNode } from '../../src/core/attempt.ts';
import { Cancellation } from '../../src/core/cancellation.ts';
import { type Duration, toMs } from '../../src/core/duration.ts';
import { StepTimeoutError } from '../../src/core/errors.ts';
import type { Node } from '../../src/core/frame.ts';
import { PolicyFrame, PolicyNode } from '../../src/core/policy-frame.ts';
import type { Policy } from '../../src/core/step-types.ts';

/**
 * Gives up on a step that takes too long, and aborts its signal.
 *
 * step                        --------(value)|
 * step.with(timeout('5ms'))   (started)-----(failed)#
 *
 * Time: milliseconds on the run's clock, over the end of a process too where it is around steps; a body that was interrupted has its
 * time anew. What comes at the very last moment is in time. It times what it is put
 * around: `with(timeout('1s'), retry())` times each attempt, `with(retry(), timeout('1s'))` all attempts and the
 * delays between them.
 *
 * Errors: `StepTimeoutError`, which is also the reason of the aborted signal.
 *
 * Events: none of its own; what ran inside tells of its cancellation.
 *
 * Unsubscribing ends the step and the timer.
 *
 * ```ts
 * import { timer } from 'rxjs';
 * import { start, step } from 'tutti';
 * import { timeout } from 'tutti/operators';
 *
 * const slow = step('slow', () => timer(60_000)).with(timeout('5ms'));
 * const result = await start(slow, undefined).result();
 * console.log(result.state === 'failed' && result.error.message); // slow took longer than 5 ms
 * ```
 *
 * @param duration milliseconds, or words such as `'30s'`
 */
export function timeout(duration: Duration): Policy {
  const ms = toMs(duration, 'timeout');
  return (step) => wrap(step, (inside) => new PolicyNode(inside, ms, TimeoutFrame));
}

/** What is timed is a body, and not structure that goes on where it was. */
function runsBody(node: Node): boolean {
  return node instanceof PolicyNode
    ? runsBody(node.inside)
    : node instanceof AttemptNode && node.body !== undefined;
}

class TimeoutFrame extends PolicyFrame<number> {
  #startedAt = 0;

  override begin(input: unknown): void {
    const { clock, journal } = this.scope;
    const { at } = clock;
    // A body that was interrupted begins anew, and with it its time.
    const anew = journal === undefined || runsBody(this.inside);
    this.#startedAt = anew ? at : journal.decide(this.path, this.noteName('timeout'), () => at);
    // The timer is set after the step has begun: what ends at once needs none, and what ends at its very moment is in time.
    const expired = journal?.recall(this.path, this.noteName('timed out'));
    if (expired === undefined) this.later();
    super.begin(input);
    if (expired !== undefined) journal?.again(Number(expired), () => this.#expire());
  }

  override resume(): void {
    const ms = this.options;
    const spent = this.scope.clock.now() - this.#startedAt;
    this.after(Math.max(0, ms - spent), () => {
      const { journal, writer } = this.scope;
      journal?.note(this.path, this.noteName('timed out'), writer.written);
      this.#expire();
    });
  }

  #expire(): void {
    if (!this.active) return;
    const error = new StepTimeoutError(this.owner?.id ?? '', this.options);
    this.cancelChildren(new Cancellation(error.message, error));
    this.fail(error);
  }
}
