import { nodeOf, wrap } from '../../src/core/as-step.ts';
import type { Frame, Node } from '../../src/core/frame.ts';
import type { Piece } from '../../src/core/piece.ts';
import { PolicyFrame, PolicyNode } from '../../src/core/policy-frame.ts';
import {
  type Compensation,
  type Compensations,
  handOn,
  handOut,
  type SagaBoundary,
  type Undoable,
  undoNote,
  undoneNote,
} from '../../src/core/saga.ts';
import type { Step } from '../../src/core/step-types.ts';

/** What a compensation is given: what the step took, and what it gave. */
export interface Completed<I, O> {
  readonly input: I;
  readonly output: O;
}

/**
 * Says how a completed step is undone when what it is part of fails or is cancelled (a saga).
 *
 * reserve   --(value R)|
 * charge    ---#
 * release   --(value)|
 * named('order', sequence(reserve.with(compensate(release)), charge))
 *           (order started)--(reserve completed)---(charge failed, release started)--(compensated, order failed)#
 *
 * Compensations run one after another, the latest completed first, also across parallel branches. They run when the
 * nearest `named` step or workflow around fails, or the `recover` or `fallback` around handles the failure, before
 * that one goes on; and when the run is cancelled gracefully. A retry keeps what completed: the same step has the same
 * `idempotencyKey` in the next attempt. A composite with a compensation of its own is undone by that one, once it has
 * completed; of two around one step, the outer one undoes it, and the inner one is not run.
 *
 * What completed in the loser of a `race` or a `hedge`, or in a branch whose failure is settled, is not undone while the
 * run goes on; it is when what is around fails later. To undo a settled branch by itself, make it a `named` step.
 *
 * What a `cache` has remembered, on the same step or around it, is forgotten before it is undone. An output that comes
 * from a cache is not undone: it is the work of an earlier call, which may have succeeded, or of a call under way.
 *
 * Errors: the failure stays what it was; where compensations fail too, `CompensationFailedError` holds every such
 * failure, with that one for its cause, and the others still run.
 *
 * Events: those of the compensating step, then `step.compensated`, before the end of what failed. Paths:
 * `/<step>/!compensate`.
 *
 * Unsubscribing runs none.
 *
 * ```ts
 * import { start, step } from 'tutti';
 * import { compensate, named, sequence } from 'tutti/operators';
 *
 * const release = step('release', ({ output }: { output: string }) => {
 *   console.log(`released ${output}`); // released seat 12A
 * });
 * const reserve = step('reserve', (seat: string) => `seat ${seat}`).with(compensate(release));
 * const charge = step('charge', (_: string): string => {
 *   throw new RangeError('the card is refused');
 * });
 * const result = await start(named('order', sequence(reserve, charge)), '12A').result();
 * console.log(result.state); // failed
 * ```
 *
 * Source: Garcia-Molina and Salem, Sagas, 1987.
 *
 * @param undo takes the input and the output of the step it undoes
 */
export function compensate<CI, CO>(
  undo: Step<Completed<CI, CO>, unknown, unknown>,
): <I extends CI, O extends CO, P>(step: Step<I, O, P>) => Step<I, O, P> {
  const node = nodeOf(undo, 'compensate: undo');
  return (step) => wrap(step, (inside) => new PolicyNode(inside, node, CompensateFrame));
}

class CompensateFrame extends PolicyFrame<Node> implements SagaBoundary, Undoable {
  compensations: Compensations | undefined = undefined;
  forgets: (() => void)[] = [];
  #completed = false;

  override childSucceeded(_child: Piece, output: unknown): void {
    // What a cache remembers is the work of another call, which is undone with that one.
    this.#completed = this.owner?.source !== 'cache';
    this.succeed(output);
  }

  /** What undoes a step that completed in an earlier life of the run, unless that has been done. */
  static restored({ options }: PolicyNode<Node>, step: Frame): void {
    const { journal } = step.scope;
    const noted = journal?.recall(step.path, undoNote);
    if (noted === undefined || journal?.recall(step.path, undoneNote) !== undefined) return;
    const { order, ...given } = noted as { input: unknown; output: unknown; order: number };
    handOut(step, [{ path: step.path, node: options, given, order, interrupted: 0, forgets: [] }]);
  }

  override settling(output: unknown): void {
    if (this.#completed) this.#handOut(this.#undoing(output));
    else handOn(this);
  }

  override stop(): void {
    handOn(this);
  }

  #handOut(undoing: Compensation): void {
    const { order, given } = undoing;
    this.scope.journal?.note(this.path, undoNote, { ...given, order });
    handOut(this, [undoing]);
  }

  #undoing(output: unknown): Compensation {
    const { path, input, scope, compensations } = this;
    const inside = [...(compensations?.values() ?? [])].flatMap(({ forgets }) => forgets);
    return {
      path,
      node: this.options,
      given: { input, output },
      order: scope.writer.written,
      interrupted: 0,
      forgets: [...inside, ...this.forgets],
    };
  }
}
