import { asStep } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import type { Duration } from '../../src/core/duration.ts';
import type { Schema } from '../../src/core/edge.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import { checkId } from '../../src/core/path.ts';
import { StepNode } from '../../src/core/step-node.ts';
import type { Step } from '../../src/core/step-types.ts';
import { WaitNode } from './wait-frame.ts';

export interface WaitForOptions<T> {
  /** Checks what is sent; what it refuses is told of in a `step.log`, and the next is waited for. */
  readonly schema?: Schema<unknown, T>;
  /** How long to wait. Default: for ever. */
  readonly timeout?: Duration;
}

/**
 * Waits for something from outside: for the next signal of a name. Its payload is the output.
 *
 * signals$          -----(paid)|
 * waitFor('paid')   (paid started, waiting)-----(resumed, paid completed)|
 *
 * Signals come from the `signals$` that a run was given, or, in an Orchestra, from `handle.signal(name, payload)`. Each goes to one
 * wait; one that comes before anybody waits for it is kept. Under an Orchestra a run that waits needs no memory and no process.
 *
 * Time: `timeout` in milliseconds on the run's clock, from the start of the wait; a restart does not begin it anew.
 *
 * Errors: `StepTimeoutError`. `DefinitionError` for a name that cannot be part of a path.
 *
 * Events: `step.waiting` with a wait of kind `event`, then `step.resumed`; `step.log` for what the schema refuses.
 *
 * Unsubscribing stops waiting.
 *
 * ```ts
 * import { map, timer } from 'rxjs';
 * import { outputOf, run } from 'tutti';
 * import { waitFor } from 'tutti/operators';
 *
 * const signals$ = timer(5).pipe(map(() => ({ name: 'paid', payload: { usd: 12 } })));
 * const paid = waitFor<{ usd: number }>('paid', { timeout: '1h' });
 * console.log(await outputOf(run(paid, undefined, { signals$ }))); // { usd: 12 }
 * ```
 *
 * @param event the name of the signal, and the id of the step
 * @param options `schema`, `timeout`
 */
export function waitFor<T = unknown>(event: string, options: WaitForOptions<T> = {}): Step<unknown, T> {
  checkOptions<WaitForOptions<T>>('waitFor', options, { schema: 'any', timeout: 'any' });
  checkId(event, 'waitFor');
  const { schema, timeout } = options;
  if (schema !== undefined && !('~standard' in schema))
    throw new DefinitionError('waitFor: schema must be a Standard Schema');
  const answer = (payload: unknown): unknown => payload;
  return asStep(
    new StepNode(event, {}, new WaitNode({ id: event, kind: 'event', name: event, schema, answer }, timeout)),
  );
}
