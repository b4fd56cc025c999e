import { wrap } from '../../src/core/as-step.ts';
import { checkFunction } from '../../src/core/check-given.ts';
import { toErrorRecord } from '../../src/core/error-record.ts';
import { asError } from '../../src/core/errors.ts';
import type { Piece } from '../../src/core/piece.ts';
import { PolicyFrame, PolicyNode } from '../../src/core/policy-frame.ts';
import { type Compensations, handOn, type SagaBoundary, undoAll } from '../../src/core/saga.ts';
import type { Step } from '../../src/core/step-types.ts';
import { synchronous } from '../../src/core/synchronous.ts';

/**
 * Makes an output of a failure, as RxJS' `catchError` does; to run another step instead, there is `fallback`.
 *
 * step                               --#
 * step.with(recover(() => 'none'))   (started)--(fallback, completed 'none')|
 *
 * Errors: what `handle` throws, which may be the error that it was given.
 *
 * Events: `step.fallback` to `recover`, then `step.completed` with `source: 'fallback'`.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { recover } from 'tutti/operators';
 *
 * const ask = step('ask', (_: string): string => {
 *   throw new RangeError('down');
 * });
 * console.log(await outputOf(run(ask.with(recover((error) => String(error))), 'Why?'))); // RangeError: down
 * ```
 *
 * @param handle makes the output of the error and the step's input
 */
export function recover<FO, FI = unknown>(
  handle: (error: unknown, input: FI) => FO,
): <I extends FI, O, P>(step: Step<I, O, P>) => Step<I, O | FO, P> {
  checkFunction('recover: handle', handle);
  return (step) => wrap(step, (inside) => new PolicyNode(inside, handle as Handle, RecoverFrame));
}

type Handle = (error: unknown, input: unknown) => unknown;

class RecoverFrame extends PolicyFrame<Handle> implements SagaBoundary {
  compensations: Compensations | undefined = undefined;

  override childFailed(_child: Piece, error: unknown): void {
    undoAll(this, asError(error), (failure) => this.#handle(failure));
  }

  override settling(): void {
    handOn(this);
  }

  override stop(): void {
    handOn(this);
  }

  #handle(error: Error): void {
    const output = synchronous('recover', this.options(error, this.input));
    this.owner?.retracted();
    this.owner?.cameFrom('fallback');
    this.owner?.tell({ type: 'step.fallback', error: toErrorRecord(error), to: 'recover' });
    this.succeed(output);
  }
}
