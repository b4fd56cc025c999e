import { asStep } from '../../src/core/as-step.ts';
import { type Duration, toMs } from '../../src/core/duration.ts';
import type { Wait } from '../../src/core/events.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import type { KeptBody } from '../../src/core/journal.ts';
import type { Piece } from '../../src/core/piece.ts';
import { StepNode } from '../../src/core/step-node.ts';
import type { Step } from '../../src/core/step-types.ts';

/**
 * Waits, and gives its input as its output.
 *
 * sleep('3ms')   (started, waiting)---(resumed, completed)|
 *
 * Time: on the run's clock; of any length.
 *
 * Errors: `DefinitionError` for an invalid duration.
 *
 * Events: `step.waiting` with a wait of kind `timer` and `dueAt` in milliseconds, then `step.resumed`.
 *
 * Unsubscribing ends the timer.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { sequence, sleep } from 'tutti/operators';
 *
 * const greet = step('greet', (name: string) => `Hello ${name}`);
 * console.log(await outputOf(run(sequence(sleep('5ms'), greet), 'you'))); // Hello you
 * ```
 *
 * @param duration milliseconds, or words such as `'30s'`; or how that follows from the input
 */
export function sleep<T>(duration: Duration | ((input: T) => Duration)): Step<T, T> {
  if (typeof duration !== 'function') {
    const ms = toMs(duration, 'sleep');
    return asStep(new StepNode('sleep', {}, new SleepNode(() => ms)));
  }
  return asStep(new StepNode('sleep', {}, new SleepNode((input) => toMs(duration(input as T), 'sleep'))));
}

class SleepNode implements Node {
  readonly name = '';
  readonly #ms: (input: unknown) => number;

  constructor(ms: (input: unknown) => number) {
    this.#ms = ms;
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new SleepFrame(this.#ms, parent, path, slot);
  }
}

class SleepFrame extends Frame implements KeptBody {
  readonly #ms: (input: unknown) => number;

  constructor(ms: (input: unknown) => number, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.#ms = ms;
  }

  override get dormant(): boolean {
    return this.active;
  }

  begin(input: unknown): void {
    const { journal } = this.scope;
    if (journal === undefined) this.runBody(input);
    else journal.admitBody(this, input);
  }

  runBody(input: unknown): void {
    if (!this.active) return;
    const { clock, journal } = this.scope;
    const told = journal?.hasOpenWait(this.path) === true;
    const ask = (): number => clock.at + this.#ms(input);
    const dueAt = journal === undefined ? ask() : journal.decide(this.path, 'dueAt', ask);
    if (!told) this.#tellWaiting({ kind: 'timer', name: 'sleep', dueAt });
    if (!this.active) return;
    this.after(Math.max(0, dueAt - clock.at), () => {
      this.owner?.tell({ type: 'step.resumed', cause: 'timer' });
      this.succeed(input);
    });
  }

  #tellWaiting(wait: Wait): void {
    this.scope.journal?.opens(this.path, wait);
    this.owner?.tell({ type: 'step.waiting', wait });
  }
}
