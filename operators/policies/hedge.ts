import { wrap } from '../../src/core/as-step.ts';
import { Cancellation } from '../../src/core/cancellation.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import { type Duration, toMs } from '../../src/core/duration.ts';
import { toErrorRecord } from '../../src/core/error-record.ts';
import { DefinitionError, textOf } from '../../src/core/errors.ts';
import type { Owner } from '../../src/core/owner.ts';
import type { Piece } from '../../src/core/piece.ts';
import { PolicyFrame, PolicyNode } from '../../src/core/policy-frame.ts';
import { StepNode } from '../../src/core/step-node.ts';
import type { Policy } from '../../src/core/step-types.ts';
import { FirstAttempt, type Hedging } from './first-attempt.ts';
import { isTransient } from './transient.ts';

export interface HedgeOptions {
  /** How long to wait for an answer before another attempt is started beside those under way. */
  readonly after: Duration;
  /** How many attempts there may be, with the first: a whole number from 2, the default. */
  readonly max?: number;
}

/**
 * Starts a second attempt of a step that does not answer soon, beside the first; the first answer wins.
 *
 * step                             ----------(value A)|   ---(value B)|
 * step.with(hedge({ after: 4 }))   (step started)----(hedge2 started)---(hedge2 completed, step completed)|
 *
 * It is for calls that are slow now and then, and that may be made twice. The losers are aborted, and what they cost
 * counts. An attempt answers when it completes or streams its first partial: from then on it is the only one. An
 * attempt that fails is followed by the next at once, unless the same call would fail again (what `retry` does not
 * retry), which ends the step.
 *
 * With `with(retry(), hedge(...))`, every attempt is retried by itself; but once there is a second one, a failure of the
 * first ends it, and the others go on. With `with(hedge(...), retry())`, the step is tried again when all attempts have
 * failed.
 *
 * Time: `after` in milliseconds on the run's clock, from the start of the attempt before.
 *
 * Errors: the last failure, when all attempts failed. `DefinitionError` for invalid options.
 *
 * Events: the first attempt is the step's own; when it fails and another goes on, the step says so in a `step.log`
 * with the error. The others have a start and an end of their own, inside the step. Paths: `/<step>/!hedge2`,
 * `!hedge3`.
 *
 * Unsubscribing ends all attempts and the timer.
 *
 * ```ts
 * import { map, timer } from 'rxjs';
 * import { outputOf, run, step } from 'tutti';
 * import { hedge } from 'tutti/operators';
 *
 * let calls = 0;
 * const ask = step('ask', (question: string) =>
 *   timer(calls++ === 0 ? 60_000 : 1).pipe(map(() => `${question} Because.`)),
 * );
 * console.log(await outputOf(run(ask.with(hedge({ after: '5ms' })), 'Why?'))); // Why? Because.
 * ```
 *
 * Source: Dean and Barroso, The Tail at Scale, 2013; what a failure and a first partial mean, gRPC's hedging (proposal
 * A6).
 *
 * @param options `after`, `max`
 */
export function hedge(options: HedgeOptions): Policy {
  checkOptions<HedgeOptions>('hedge', options, { after: 'any', max: 'number' });
  const { after, max = 2 } = options;
  const afterMs = toMs(after, 'hedge: after');
  if (!(Number.isInteger(max) && max >= 2))
    throw new DefinitionError(`hedge: max ${max} is not a whole number from 2`);
  return (step) =>
    wrap(step, (inside) => {
      const hedgesInside = (inside.reserved ?? []).filter((name) => name === reserved).length;
      const suffix = hedgesInside === 0 ? '' : `~${hedgesInside + 1}`;
      return new PolicyNode(inside, { id: step.id, suffix, afterMs, max }, HedgeFrame, [reserved]);
    });
}

/** Stands for the names of all hedges: those of another around have a suffix. */
const reserved = '!hedge';

interface HedgePlan {
  readonly id: string;
  readonly suffix: string;
  readonly afterMs: number;
  readonly max: number;
}

const lost = new Cancellation('another attempt answered first');
const left = new Cancellation('it is left to the other attempts');

class HedgeFrame extends PolicyFrame<HedgePlan> implements Hedging {
  #started = 0;
  #running = 0;
  /** When the latest attempt started. */
  #latestAt = 0;
  /** Which attempt answers. */
  #chosen: number | undefined;
  /** The first attempt waits for a retry of its own. */
  #pausing = false;

  override begin(input: unknown): void {
    this.input = input;
    this.#next();
  }

  /** Sets the timer once the attempt has gone as far as it can by itself, which may have taken a while. */
  override resume(): void {
    if (this.#chosen !== undefined || this.#pausing || !this.#mayStart()) return;
    // What an earlier life of the run had begun goes on beside the others.
    if (this.scope.journal?.hasBegun(this.#nextPath) === true) return this.#next();
    const dueAt = this.#latestAt + this.options.afterMs;
    this.after(Math.max(0, dueAt - this.scope.clock.now()), () => this.#next());
  }

  override ownerOfChildren(): Owner | undefined {
    return this.owner && new FirstAttempt(this.owner, this);
  }

  #next(): void {
    this.clearTimer();
    const slot = this.#started++;
    this.#running++;
    this.#latestAt = this.scope.clock.at;
    this.later();
    if (slot === 0) return this.spawn(this.inside, this.input);
    const name = this.#nameOf(slot);
    this.spawn(new StepNode(`${this.options.id}${name}`, {}, this.inside), this.input, `/${name}`, slot);
  }

  /** There is one more that may be started: what had lost in an earlier life of the run does not come again. */
  #mayStart(): boolean {
    const { journal } = this.scope;
    while (journal?.wasCancelled(this.#nextPath) === true) this.#started++;
    return this.#started < this.options.max;
  }

  get #nextPath(): string {
    return `${this.path}/${this.#nameOf(this.#started)}`;
  }

  #nameOf(slot: number): string {
    return `${reserved}${slot + 1}${this.options.suffix}`;
  }

  override childSucceeded(child: Piece, output: unknown): void {
    // What the first attempt said of itself is not true of the others.
    if (child.slot > 0) this.owner?.cameFrom('live');
    this.succeed(output);
  }

  override childFailed(child: Piece, error: unknown): void {
    this.#running--;
    const more = this.#mayStart();
    if (this.#chosen !== undefined || !isTransient(error) || !(more || this.#running > 0))
      return this.fail(error);
    if (child.slot === 0) this.#tellFailure(error);
    if (more) this.#next();
  }

  override childPartial(child: Piece, chunk: unknown): void {
    if (this.#choose(child.slot)) this.owner?.streamed(chunk);
  }

  override childRetracted(): void {
    this.owner?.retracted();
  }

  answering(): boolean {
    return this.#choose(0);
  }

  mayRetry(error: unknown): boolean {
    if (this.#running === 1) {
      this.#pausing = true;
      this.#chosen = undefined;
      this.clearTimer();
      return true;
    }
    this.#running--;
    this.#cancel((slot) => slot === 0, left);
    this.#tellFailure(error);
    return false;
  }

  retried(): void {
    this.#pausing = false;
    this.#started = 1;
    this.#latestAt = this.scope.clock.at;
    this.later();
  }

  /** One answers: no other is wanted. */
  #choose(slot: number): boolean {
    if (this.#chosen === undefined) {
      this.#chosen = slot;
      this.#running = 1;
      this.clearTimer();
      this.#cancel((other) => other !== slot, lost);
    }
    return this.active && this.#chosen === slot;
  }

  /** Enters the loop, so that what the end of one sets free does not begin in the midst of it. */
  #cancel(which: (slot: number) => boolean, cause: Cancellation): void {
    this.scope.loop.enter(() => {
      for (const child of this.children) if (which(child.slot)) child.cancel(cause);
    });
  }

  #tellFailure(error: unknown): void {
    const message = `the first attempt failed: ${textOf(error)}`;
    this.owner?.tell({ type: 'step.log', level: 'warn', message, error: toErrorRecord(error) });
  }
}
