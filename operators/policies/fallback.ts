import { nodesOf, wrap } from '../../src/core/as-step.ts';
import { toErrorRecord } from '../../src/core/error-record.ts';
import { asError, DefinitionError } from '../../src/core/errors.ts';
import type { Node } from '../../src/core/frame.ts';
import { segmentsOf } from '../../src/core/path.ts';
import type { Piece } from '../../src/core/piece.ts';
import { PolicyFrame, PolicyNode } from '../../src/core/policy-frame.ts';
import { type Compensations, handOn, type SagaBoundary, undoAll } from '../../src/core/saga.ts';
import type { Step } from '../../src/core/step-types.ts';

/**
 * Runs other steps in a failed step's place, on the same input: the first, and when that fails the next.
 *
 * step                         --#
 * basic                        ---(value B)|
 * step.with(fallback(basic))   (step started)--(fallback, basic started)---(basic completed, step completed)|
 *
 * Errors: the failure of the last fallback; `DefinitionError` when none is given.
 *
 * Events: `step.fallback` before each, its own events inside the step, then `step.completed` with `source:
 * 'fallback'`. Paths: `/<step>/!fallback:<id>`.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { fallback } from 'tutti/operators';
 *
 * const ask = step('ask', (_: string): string => {
 *   throw new RangeError('down');
 * });
 * const shrug = step('shrug', (question: string) => `nobody knows: ${question}`);
 * console.log(await outputOf(run(ask.with(fallback(shrug)), 'Why?'))); // nobody knows: Why?
 * ```
 *
 * @param steps the steps that take over, in order
 */
export function fallback<FI, FO>(
  ...steps: readonly Step<FI, FO, unknown>[]
): <I extends FI, O, P>(step: Step<I, O, P>) => Step<I, O | FO, P> {
  if (steps.length === 0) throw new DefinitionError('fallback: at least one step is needed');
  const others = nodesOf(steps, 'fallback: step').map((node, i) => ({ id: steps[i]?.id ?? node.name, node }));
  const names = others.map(({ id }) => `!fallback:${id}`);
  return (step) =>
    wrap(step, (inside) => {
      // Another fallback inside may have a step of the same name.
      const segments = segmentsOf([...(inside.reserved ?? []), ...names]).slice(-names.length);
      return new PolicyNode(inside, { steps: others, segments }, FallbackFrame, names);
    });
}

interface Others {
  readonly steps: readonly { readonly id: string; readonly node: Node }[];
  readonly segments: readonly string[];
}

class FallbackFrame extends PolicyFrame<Others> implements SagaBoundary {
  compensations: Compensations | undefined = undefined;

  /** Goes on with the step that had taken over in an earlier life of the run. */
  override begin(input: unknown): void {
    const { steps, segments } = this.options;
    const { journal } = this.scope;
    while (journal?.recall(this.path, `${this.noteName('fallback')}#${this.turns}`) !== undefined)
      this.turns++;
    const other = steps[this.turns - 1];
    if (other === undefined) return super.begin(input);
    this.input = input;
    this.owner?.cameFrom('fallback');
    const segment = segments[this.turns - 1];
    journal?.passOver(this.path, this.reserved, this.path + segment);
    this.spawn(other.node, input, segment);
  }

  override childFailed(_child: Piece, error: unknown): void {
    const { steps, segments } = this.options;
    const index = this.turns;
    const other = steps[index];
    if (other === undefined) return this.fail(error);
    undoAll(this, asError(error), (failure) => {
      this.scope.journal?.note(this.path, `${this.noteName('fallback')}#${index}`, other.id);
      this.turns++;
      this.owner?.retracted();
      this.owner?.cameFrom('fallback');
      this.owner?.tell({ type: 'step.fallback', error: toErrorRecord(failure), to: other.id });
      if (this.active) this.spawn(other.node, this.input, segments[index]);
    });
  }

  override childPartial(_child: Piece, chunk: unknown): void {
    this.owner?.streamed(chunk);
  }

  override settling(): void {
    handOn(this);
  }

  override stop(): void {
    handOn(this);
  }
}
