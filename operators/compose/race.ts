import { asStep, nodesOf } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import { DefinitionError, StepFailedError } from '../../src/core/errors.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import { segmentsOf } from '../../src/core/path.ts';
import type { Piece } from '../../src/core/piece.ts';
import type { OutputOf, Step } from '../../src/core/step-types.ts';
import type { FailureMode } from './options.ts';
import type { SharedInput } from './parallel.ts';
import type { StepLike } from './step-like.ts';

export interface RaceOptions {
  /** `'fail-fast'` (default): the first to end decides, by its failure too. `'settle'`: failures wait for a success. */
  readonly failure?: FailureMode;
}

/**
 * Runs steps side by side on the same input; the first to end decides, the others are cancelled.
 *
 * a              ----(value A)|
 * b              --(value B)|
 * race([a, b])   (a started, b started)--(b completed, a cancelled)|
 *
 * Errors: the failure of the first to end; with `'settle'`, when all failed, `StepFailedError` whose `cause` is an
 * `AggregateError` of all. Without steps, `DefinitionError` at assembly.
 *
 * Events: those of its steps, `step.cancelled` of the losers after the winner's end. Paths: `/race/<id>`.
 *
 * ```ts
 * import { timer } from 'rxjs';
 * import { outputOf, run, step } from 'tutti';
 * import { race } from 'tutti/operators';
 *
 * const near = step('near', (question: string) => `near: ${question}`);
 * const far = step('far', () => timer(1000));
 * console.log(await outputOf(run(race([far, near]), 'Why?'))); // near: Why?
 * ```
 *
 * @param steps at least one
 * @param options `failure`
 */
export function race<const S extends readonly [StepLike, ...StepLike[]]>(
  steps: S,
  options: RaceOptions = {},
): Step<SharedInput<S>, OutputOf<S[number]>> {
  checkOptions<RaceOptions>('race', options, { failure: 'string' });
  if (steps.length === 0) throw new DefinitionError('race: at least one step is needed');
  return asStep(new RaceNode(nodesOf(steps, 'race: step'), options.failure === 'settle'));
}

class RaceNode implements Node {
  readonly name = 'race';
  readonly nodes: readonly Node[];
  readonly segments: readonly string[];
  readonly settle: boolean;

  constructor(nodes: readonly Node[], settle: boolean) {
    this.nodes = nodes;
    this.segments = segmentsOf(nodes.map(({ name }) => name));
    this.settle = settle;
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new RaceFrame(this, parent, path, slot);
  }
}

class RaceFrame extends Frame {
  readonly #node: RaceNode;
  readonly #failures: unknown[] = [];
  #input: unknown;
  #next = 0;

  constructor(node: RaceNode, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.#node = node;
  }

  begin(input: unknown): void {
    this.#input = input;
    this.resume();
  }

  override resume(): void {
    const { nodes, segments } = this.#node;
    const slot = this.#next++;
    const node = nodes[slot];
    if (node === undefined) return;
    this.later();
    this.spawn(node, this.#input, segments[slot], slot);
  }

  override childFailed(_child: Piece, error: unknown): void {
    const { nodes, settle } = this.#node;
    this.#failures.push(error);
    if (!settle) this.fail(error);
    else if (this.#failures.length === nodes.length) this.fail(allFailed(this.#failures));
  }
}

function allFailed(failures: readonly unknown[]): StepFailedError {
  return new StepFailedError('every step of the race failed', { cause: new AggregateError(failures) });
}
