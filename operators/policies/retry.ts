import { wrap } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import { describe } from '../../src/core/describe.ts';
import { type Duration, toMs } from '../../src/core/duration.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import type { Journal, KeptBody } from '../../src/core/journal.ts';
import type { Piece } from '../../src/core/piece.ts';
import { PolicyFrame, PolicyNode } from '../../src/core/policy-frame.ts';
import type { Policy } from '../../src/core/step-types.ts';
import { retryAfterMsOf } from './http-facts.ts';
import { isCancellation, isTransient, transientStatuses } from './transient.ts';

export interface RetryOptions {
  /** Retries after the first attempt: a whole number or `Infinity`, default 3. */
  readonly maxRetries?: number;
  /** Before the first retry; default 1 s. */
  readonly delay?: Duration;
  /** By how much each delay is longer than the one before; default 2. */
  readonly factor?: number;
  /** The longest delay that is computed; default 60 s. */
  readonly maxDelay?: Duration;
  /**
   * The longest that a server may ask to be left alone; a failure that asks for more is final, because a retry before
   * that time would fail again. Default 1 h.
   */
  readonly maxRetryAfter?: Duration;
  /** The part of a delay that chance decides, from 0 (default) to 1: of 4 s, with 0.5, between 2 s and 4 s. */
  readonly jitter?: number;
  /**
   * Which failures are worth another attempt: a predicate, or the HTTP statuses that are (failures without one still are).
   *
   * Default: all but those that another attempt cannot change, which are HTTP statuses other than 429, 500, 502, 503, 504,
   * cancellations, and the errors `InputValidationError`, `OutputValidationError`, `DefinitionError`, `BudgetExceededError`,
   * `NonSerializableOutputError`, `WireFormatError`, `DuplicateKeyError`, `MaxStepsError` and `CompensationFailedError`.
   */
  readonly on?: ((error: unknown, attempt: number) => boolean) | readonly number[];
}

/**
 * Tries a step again when it failed, after growing delays.
 *
 * step                      -#
 * step.with(retry({ delay: 2, factor: 1, maxRetries: 2 }))
 *                           -(retrying)--(started)-(retrying)--(started)-(failed)#
 *
 * Time: delays are milliseconds on the run's clock; a `retryAfterMs` or `Retry-After` of the error wins over the
 * computed one, up to `maxRetryAfter`; `maxDelay` does not shorten it.
 *
 * Errors: the last failure. `DefinitionError` for invalid options.
 *
 * Events: `step.retrying`, which ends the attempt and retracts its partials, then `step.started` of the next.
 *
 * Unsubscribing ends the attempt or the delay.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { retry } from 'tutti/operators';
 *
 * const ask = step('ask', (question: string, { attempt }) => {
 *   if (attempt < 3) throw new RangeError('busy');
 *   return `${question} Because.`;
 * });
 * console.log(await outputOf(run(ask.with(retry({ delay: '5ms' })), 'Why?'))); // Why? Because.
 * ```
 *
 * Source of the defaults: the MachPay page.
 *
 * @param options how often, after which delays, on which failures
 */
export function retry(options: RetryOptions = {}): Policy {
  checkOptions<RetryOptions>('retry', options, {
    maxRetries: 'number',
    delay: 'any',
    factor: 'number',
    maxDelay: 'any',
    maxRetryAfter: 'any',
    jitter: 'number',
    on: 'any',
  });
  const plan = planOf(options);
  return (step) => wrap(step, (inside) => new PolicyNode(inside, plan, RetryFrame));
}

interface RetryPlan {
  readonly maxRetries: number;
  readonly delayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number;
  readonly maxRetryAfterMs: number;
  readonly jitter: number;
  readonly on: (error: unknown, attempt: number) => boolean;
}

function planOf(options: RetryOptions): RetryPlan {
  const {
    maxRetries = 3,
    delay = 1000,
    factor = 2,
    maxDelay = 60_000,
    maxRetryAfter = 3_600_000,
    jitter = 0,
    on = transientStatuses,
  } = options;
  if (!(maxRetries >= 0 && (Number.isInteger(maxRetries) || maxRetries === Number.POSITIVE_INFINITY)))
    throw new DefinitionError(`retry: maxRetries ${maxRetries} is not a whole number from 0, or Infinity`);
  if (!(factor > 0)) throw new DefinitionError(`retry: factor ${factor} is not greater than 0`);
  if (!(jitter >= 0 && jitter <= 1)) throw new DefinitionError(`retry: jitter ${jitter} is not from 0 to 1`);
  if (typeof on !== 'function' && !Array.isArray(on))
    throw new DefinitionError(
      `retry: on must be a function or a list of HTTP statuses, but it is ${describe(on)}`,
    );
  return {
    maxRetries,
    delayMs: toMs(delay, 'retry: delay'),
    factor,
    maxDelayMs: toMs(maxDelay, 'retry: maxDelay'),
    maxRetryAfterMs: toMs(maxRetryAfter, 'retry: maxRetryAfter'),
    jitter,
    on: typeof on === 'function' ? on : (error) => isTransient(error, on),
  };
}

/** What a journal notes of a try: the attempt that it is, and when that may begin. */
interface Try {
  readonly next: number;
  readonly dueAt: number;
}

class RetryFrame extends PolicyFrame<RetryPlan> implements KeptBody {
  /** When the next try may begin. */
  #dueAt = 0;

  /** Goes on after the tries that an earlier life of the run made. */
  override begin(input: unknown): void {
    const { journal } = this.scope;
    const { owner } = this;
    const last = journal === undefined ? undefined : this.#recallTries(journal);
    if (last === undefined || owner === undefined || owner.open || last.next !== owner.attempt + 1)
      return super.begin(input);
    this.input = input;
    this.#dueAt = last.dueAt;
    journal?.admitBody(this, input);
  }

  /** Waits for the rest of the delay in which the process ended. */
  runBody(): void {
    if (this.active) this.#againAfter(Math.max(0, this.#dueAt - this.scope.clock.at));
  }

  #recallTries(journal: Journal): Try | undefined {
    let last: Try | undefined;
    for (;;) {
      const noted = journal.recall(this.path, `${this.noteName('retry')}#${this.turns + 1}`);
      if (noted === undefined) return last;
      last = noted as Try;
      this.turns++;
    }
  }

  override childFailed(_child: Piece, error: unknown): void {
    const { maxRetries, on } = this.options;
    const attempt = this.turns + 1;
    if (attempt > maxRetries || isCancellation(error) || !on(error, attempt)) return this.fail(error);
    const delayMs = this.#delayBefore(attempt, error);
    if (delayMs === undefined) return this.fail(error);
    if (this.owner?.mayRetry(error) === false) return;
    this.turns = attempt;
    this.#note(delayMs);
    this.owner?.retrying(error, delayMs);
    if (this.active) this.#againAfter(delayMs);
  }

  #note(delayMs: number): void {
    const { journal, clock } = this.scope;
    if (journal === undefined) return;
    const next = (this.owner?.attempt ?? 0) + 1;
    const noted: Try = { next, dueAt: clock.at + delayMs };
    journal.note(this.path, `${this.noteName('retry')}#${this.turns}`, noted);
  }

  #againAfter(delayMs: number): void {
    if (delayMs === 0) this.#again();
    else this.after(delayMs, () => this.#again());
  }

  #again(): void {
    this.owner?.restarted();
    if (this.active) this.spawn(this.inside, this.input);
  }

  /** Undefined where the server asks for too long a delay. */
  #delayBefore(retry: number, error: unknown): number | undefined {
    const { delayMs, factor, maxDelayMs, maxRetryAfterMs, jitter } = this.options;
    const asked = retryAfterMsOf(error, this.scope.clock.at);
    if (asked !== undefined) return asked <= maxRetryAfterMs ? asked : undefined;
    // The factor's power grows beyond all numbers, and no delay is to stay none.
    const computed = delayMs === 0 ? 0 : Math.min(delayMs * factor ** (retry - 1), maxDelayMs);
    return jitter === 0 ? computed : computed * (1 - jitter * this.scope.random());
  }
}
