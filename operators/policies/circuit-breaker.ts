import type { Observable } from 'rxjs';
import { wrap } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import { type Duration, toMs } from '../../src/core/duration.ts';
import {
  BulkheadFullError,
  CircuitOpenError,
  DefinitionError,
  RateLimitError,
} from '../../src/core/errors.ts';
import type { Piece } from '../../src/core/piece.ts';
import { PolicyFrame, PolicyNode } from '../../src/core/policy-frame.ts';
import type { Policy } from '../../src/core/step-types.ts';
import { Circuit, type CircuitState } from './circuit.ts';
import { ConsecutiveFailures, type FailureCount, SampledFailures } from './failure-counts.ts';
import { isTransient } from './transient.ts';

interface CommonOptions {
  /** What events, errors and health checks call it. */
  readonly name: string;
  /** How long it stays open before it lets somebody try; default 30 s. */
  readonly resetAfter?: Duration;
  /** How many may then try, all of whom must succeed for it to close: a whole number from 1, the default. */
  readonly halfOpen?: number;
  /**
   * Which failures count. Default: those that say that the service is ill, which are all that `retry` retries by
   * default, but for refusals of other policies.
   */
  readonly on?: (error: unknown) => boolean;
}

interface ConsecutiveOptions {
  /** How many failures in a row open it: a whole number from 1, default 5. */
  readonly failures?: number;
  readonly sampling?: never;
}

interface SamplingOptions {
  readonly failures?: never;
  /** Instead of `failures`: which part of the calls of the last while must fail to open it. */
  readonly sampling: {
    /** The part of calls that must fail to open it, above 0 and up to 1; default 0.5. */
    readonly threshold?: number;
    /** How long a call counts; default 30 s. */
    readonly window?: Duration;
    /** How many calls it takes to judge; default 10. */
    readonly minimum?: number;
  };
}

export type CircuitBreakerOptions = CommonOptions & (ConsecutiveOptions | SamplingOptions);

/** A {@link circuitBreaker}, with its state, for health checks. */
export interface CircuitBreaker extends Policy {
  /** What it was called. */
  readonly name: string;
  readonly state: CircuitState;
  /** The state now, and each that comes after. Never ends. */
  readonly state$: Observable<CircuitState>;
}

/**
 * Stops calling what keeps failing, over all runs and all steps that it is applied to, and tries again after a while.
 *
 * ask                             --#   --#   --(value A)|
 * const calm = ask.with(circuitBreaker({ name: 'llm', failures: 2, resetAfter: 9 }))
 * calm                            (started)--(failed)#
 * then calm                       (started)--(opened, failed)#
 * then calm                       (started, failed)#
 * then sequence(sleep(9), calm)   ---------(ask started)--(closed, ask completed)|
 *
 * A closed circuit lets every call through, an open one none. Once `resetAfter` has passed, the circuit is half-open:
 * the next `halfOpen` calls are its trial. It closes when all of them have succeeded, and opens when one fails. Calls
 * that were cancelled, failures that do not count, and calls that were let through in an earlier state change nothing.
 * A trial that never ends keeps all others out: put a time-out inside. Each call of `circuitBreaker` has a state of
 * its own.
 *
 * Inside a retry (`with(breaker, retry())`) every attempt counts, and the retry waits until the circuit may be tried;
 * around one (`with(retry(), breaker)`), only what comes of all attempts.
 *
 * Time: milliseconds on the clock of the run that calls; runs that share a circuit breaker are to share a clock.
 *
 * Errors: `CircuitOpenError` at once for a call that is not let through, with `retryAfterMs` while it is open.
 * `DefinitionError` for invalid options.
 *
 * Events: `circuit.opened` and `circuit.closed`, told by the step whose end did it.
 *
 * Unsubscribing a trial lets another call try.
 *
 * ```ts
 * import { start, step } from 'tutti';
 * import { circuitBreaker } from 'tutti/operators';
 *
 * const breaker = circuitBreaker({ name: 'llm', failures: 2, resetAfter: '1m' });
 * const ask = step('ask', (_: string): string => {
 *   throw new RangeError('down');
 * }).with(breaker);
 * for (let call = 1; call <= 3; call++) {
 *   const result = await start(ask, 'Why?').result();
 *   console.log(result.state === 'failed' && result.error.code); // STEP_FAILED, STEP_FAILED, CIRCUIT_OPEN
 * }
 * console.log(breaker.state); // open
 * ```
 *
 * Source: Nygard, Release It!, 2007; the sampling and the defaults of cockatiel and sony/gobreaker, whose eras keep
 * late answers out. cockatiel itself reads `Date.now` and answers by Promise, so it can follow no virtual clock.
 *
 * @param options `name`, `failures` or `sampling`, `resetAfter`, `halfOpen`, `on`
 */
export function circuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  checkOptions<CommonOptions & { readonly failures?: unknown; readonly sampling?: unknown }>(
    'circuitBreaker',
    options,
    {
      name: 'string',
      failures: 'number',
      sampling: 'object',
      resetAfter: 'any',
      halfOpen: 'number',
      on: 'function',
    },
  );
  const { name, resetAfter = 30_000, halfOpen = 1, on = isIllness } = options;
  if (typeof name !== 'string' || name === '') throw new DefinitionError('circuitBreaker: a name is needed');
  if (!(Number.isInteger(halfOpen) && halfOpen >= 1))
    throw new DefinitionError(`circuitBreaker ${name}: halfOpen ${halfOpen} is not a whole number from 1`);
  const resetAfterMs = toMs(resetAfter, `circuitBreaker ${name}: resetAfter`);
  const circuit = new Circuit(counting(options), resetAfterMs, halfOpen);
  const plan: BreakerPlan = { name, circuit, counts: on };
  const policy: Policy = (step) => wrap(step, (inside) => new PolicyNode(inside, plan, BreakerFrame));
  return Object.defineProperties(policy as CircuitBreaker, {
    name: { value: name, enumerable: true },
    state: { get: () => circuit.state, enumerable: true },
    state$: { value: circuit.state$, enumerable: true },
  });
}

interface BreakerPlan {
  readonly name: string;
  readonly circuit: Circuit;
  readonly counts: (error: unknown) => boolean;
}

function counting(options: CircuitBreakerOptions): () => FailureCount {
  const { name, failures = 5, sampling } = options;
  if (options.failures !== undefined && sampling !== undefined)
    throw new DefinitionError(
      `circuitBreaker ${name}: failures and sampling are two ways to count; give one of them`,
    );
  if (sampling === undefined) {
    if (Number.isInteger(failures) && failures >= 1) return () => new ConsecutiveFailures(failures);
    throw new DefinitionError(`circuitBreaker ${name}: failures ${failures} is not a whole number from 1`);
  }
  checkOptions<SamplingOptions['sampling']>(`circuitBreaker ${name}: sampling`, sampling, {
    threshold: 'number',
    window: 'any',
    minimum: 'number',
  });
  const { threshold = 0.5, window = 30_000, minimum = 10 } = sampling;
  if (!(threshold > 0 && threshold <= 1))
    throw new DefinitionError(
      `circuitBreaker ${name}: threshold ${threshold} is not greater than 0 and at most 1`,
    );
  if (!(Number.isInteger(minimum) && minimum >= 1))
    throw new DefinitionError(`circuitBreaker ${name}: minimum ${minimum} is not a whole number from 1`);
  const windowMs = toMs(window, `circuitBreaker ${name}: window`);
  if (windowMs === 0) throw new DefinitionError(`circuitBreaker ${name}: window must be greater than 0`);
  return () => new SampledFailures({ threshold, windowMs, minimum });
}

function isIllness(error: unknown): boolean {
  const refused =
    error instanceof CircuitOpenError ||
    error instanceof BulkheadFullError ||
    error instanceof RateLimitError;
  return !refused && isTransient(error);
}

class BreakerFrame extends PolicyFrame<BreakerPlan> {
  /** The era of the circuit that it was let through in, if it is to say how it ends. */
  #era: number | undefined;
  #ill = false;

  override begin(input: unknown): void {
    const { name, circuit } = this.options;
    const now = this.scope.clock.at;
    this.#era = circuit.enter(now);
    if (this.#era !== undefined || this.#isPartOfTrial()) super.begin(input);
    else this.fail(new CircuitOpenError(name, circuit.retryAfterMs(now)));
  }

  override childFailed(_child: Piece, error: unknown): void {
    this.#ill = this.options.counts(error);
    this.fail(error);
  }

  override settling(_payload: unknown, failed: boolean): void {
    const era = this.#era;
    if (era === undefined) return;
    const { name, circuit } = this.options;
    const now = this.scope.clock.at;
    if (!failed) {
      if (circuit.succeeded(era, now)) this.owner?.tell({ type: 'circuit.closed', name });
    } else if (!this.#ill) circuit.gaveUp(era);
    else if (circuit.failed(era, now)) this.owner?.tell({ type: 'circuit.opened', name });
  }

  override stop(): void {
    if (this.#era !== undefined) this.options.circuit.gaveUp(this.#era);
  }

  /** A step inside one that tries would else be refused, and with it the trial. */
  #isPartOfTrial(): boolean {
    const { circuit } = this.options;
    for (let around = this.parent; around !== undefined; around = around.parent)
      if (around instanceof BreakerFrame && around.options.circuit === circuit)
        return circuit.isTrying(around.#era);
    return false;
  }
}
