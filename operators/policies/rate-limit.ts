import { wrap } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import { type Duration, toMs } from '../../src/core/duration.ts';
import { DefinitionError, RateLimitError } from '../../src/core/errors.ts';
import { PolicyNode } from '../../src/core/policy-frame.ts';
import type { Step } from '../../src/core/step-types.ts';
import { type Lane, type LaneWaiter, RateLanes } from './rate-lanes.ts';
import { TokenBucketRate, WindowRate } from './rates.ts';
import { WaitingFrame } from './waiting-frame.ts';
import type { Place } from './waiting-line.ts';

export interface RateLimitOptions<I = unknown> {
  /** How many may begin per `per`: a whole number from 1. */
  readonly limit: number;
  /** The time that `limit` is for, such as `'1s'`: more than 0. */
  readonly per: Duration;
  /** Calls with the same key share one limit; default all calls. */
  readonly key?: (input: I) => string;
  /**
   * `'window'` (default): never more than `limit` in any span of `per`, wherever it begins; it remembers as many times.
   * `'token-bucket'`: `limit` at once, then one each time the bucket has refilled by one, which spreads them evenly.
   */
  readonly algorithm?: 'window' | 'token-bucket';
  /**
   * What happens to calls that come too early: `'wait'` (default) until they may begin, `'refuse'` fails them with
   * `RateLimitError`.
   */
  readonly whenExceeded?: 'wait' | 'refuse';
}

/**
 * Limits how often steps begin, over all runs and all steps that it is applied to.
 *
 * step              --(value)|
 * const calm = rateLimit({ limit: 1, per: 5 })
 * step.with(calm)   (started)--(completed)|
 * step.with(calm)   (started, waiting)-----(resumed)--(completed)|
 *
 * Steps begin in the order in which they came. Each call of `rateLimit` has limits of its own. Inside a retry
 * (`with(calm, retry())`) every attempt counts; around one, only the first. To limit how many wait, put a `bulkhead`
 * or a `timeout` around.
 *
 * Time: `per` in milliseconds on the clock of the run that asks; runs that share a limit are to share a clock.
 *
 * Errors: `RateLimitError` with `'refuse'`; a `retry` around waits for its `retryAfterMs`. `DefinitionError` for
 * invalid options. What `key` throws is the step's failure.
 *
 * Events: `step.waiting` (kind `timer`, name `rateLimit`, with `dueAt`, which may come earlier when others give up),
 * then `step.resumed`, of each step that waits.
 *
 * Unsubscribing a step that waits lets the others move up; a step that has begun counts all the same.
 *
 * rate-limiter-flexible was looked at: it answers by Promise and reads `Date.now`, so it can follow no virtual clock.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { mapEach, rateLimit } from 'tutti/operators';
 *
 * const ask = step('ask', (question: string) => question.length).with(rateLimit({ limit: 2, per: '10ms' }));
 * console.log((await outputOf(run(mapEach(ask), ['Why?', 'How?', 'When?']))).join(', ')); // 4, 4, 5
 * ```
 *
 * @param options `limit`, `per`, `key`, `algorithm`, `whenExceeded`
 */
export function rateLimit<FI = unknown>(
  options: RateLimitOptions<FI>,
): <I extends FI, O, P>(step: Step<I, O, P>) => Step<I, O, P> {
  checkOptions<RateLimitOptions<FI>>('rateLimit', options, {
    limit: 'number',
    per: 'any',
    key: 'function',
    algorithm: 'string',
    whenExceeded: 'string',
  });
  const { limit, per, key, algorithm = 'window', whenExceeded = 'wait' } = options;
  if (!(Number.isInteger(limit) && limit >= 1))
    throw new DefinitionError(`rateLimit: limit ${limit} is not a whole number from 1`);
  const perMs = toMs(per, 'rateLimit: per');
  if (perMs === 0) throw new DefinitionError('rateLimit: per must be greater than 0');
  oneOf('algorithm', algorithm, ['window', 'token-bucket']);
  oneOf('whenExceeded', whenExceeded, ['wait', 'refuse']);
  const Algorithm = algorithm === 'window' ? WindowRate : TokenBucketRate;
  const plan: RatePlan = {
    lanes: new RateLanes(() => new Algorithm(limit, perMs), perMs),
    keyOf: key === undefined ? () => '' : (input) => String(key(input as FI)),
    refuses: whenExceeded === 'refuse',
  };
  return (step) => wrap(step, (inside) => new PolicyNode(inside, plan, RateLimitFrame));
}

function oneOf(option: string, value: string, [first, second]: readonly [string, string]): void {
  if (value !== first && value !== second)
    throw new DefinitionError(
      `rateLimit: ${option} ${JSON.stringify(value)} is not '${first}' or '${second}'`,
    );
}

interface RatePlan {
  readonly lanes: RateLanes;
  readonly keyOf: (input: unknown) => string;
  readonly refuses: boolean;
}

class RateLimitFrame extends WaitingFrame<RatePlan> implements LaneWaiter {
  #lane: Lane | undefined;
  #place: Place<LaneWaiter> | undefined;

  override begin(input: unknown): void {
    const { lanes, keyOf, refuses } = this.options;
    const now = this.scope.clock.at;
    const key = keyOf(input);
    const lane = lanes.of(key, now);
    if (lane.take(now)) return super.begin(input);
    const delayMs = lane.delayMs(now);
    if (refuses) return this.fail(new RateLimitError(key, delayMs));
    this.#lane = lane;
    this.#place = lane.join(this);
    this.tellWaiting(input, { kind: 'timer', name: 'rateLimit', dueAt: now + delayMs });
  }

  now(): number {
    return this.scope.clock.now();
  }

  wakeIn(ms: number): void {
    this.after(ms, () => this.#lane?.admit());
  }

  protected leave(): void {
    if (this.#place !== undefined) this.#lane?.leave(this.#place);
  }
}
