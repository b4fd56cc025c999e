import { asStep, nodeOf } from '../../src/core/as-step.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import { encodeKey } from '../../src/core/path.ts';
import type { Piece } from '../../src/core/piece.ts';
import type { Step } from '../../src/core/step-types.ts';

/**
 * Puts a step in the place of another, but for kept runs that have begun the other one: those end with it.
 *
 * older                         --(value O)|
 * newer                         ---(value N)|
 * patched('v2', newer, older)   (newer started)---(newer completed)|
 *
 * It is for changing a workflow while runs of it are under way. Once no run has the older step any more, write the newer one alone
 * in its place for new runs.
 *
 * Errors: those of the step that runs. `DefinitionError` for an id that is empty.
 *
 * Events: those of the step that runs. Paths: the older one is where it was; the newer one is at `/<older>/!patched:<id>`.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { patched } from 'tutti/operators';
 *
 * const greet = step('greet', (name: string) => `Hello ${name}`);
 * const greetWarmly = step('greetWarmly', (name: string) => `Welcome, ${name}`);
 * console.log(await outputOf(run(patched('warm', greetWarmly, greet), 'Ann'))); // Welcome, Ann
 * ```
 *
 * Source: the patching of Temporal's workflows.
 *
 * @param id tells this change from others at the same place
 * @param newer what runs from now on
 * @param older what ran before
 */
export function patched<I, A, B>(
  id: string,
  newer: Step<I, A, unknown>,
  older: Step<I, B, unknown>,
): Step<I, A | B> {
  if (typeof id !== 'string' || id === '') throw new DefinitionError('patched: its id must be a text');
  return asStep(new PatchedNode(id, nodeOf(newer, 'patched: newer'), nodeOf(older, 'patched: older')));
}

class PatchedNode implements Node {
  /** The places around stay what they were. */
  readonly name: string;
  readonly reserved: readonly string[];
  readonly id: string;
  readonly newer: Node;
  readonly older: Node;

  constructor(id: string, newer: Node, older: Node) {
    this.name = older.name;
    this.reserved = older.reserved ?? [];
    this.id = id;
    this.newer = newer;
    this.older = older;
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new PatchedFrame(this, parent, path, slot);
  }
}

class PatchedFrame extends Frame {
  readonly #node: PatchedNode;

  constructor(node: PatchedNode, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.#node = node;
  }

  begin(input: unknown): void {
    const { id, newer, older } = this.#node;
    const { journal } = this.scope;
    const isNew = journal?.decide(this.path, `patched:${id}`, () => !journal.knows(this.path)) ?? true;
    if (isNew) this.spawn(newer, input, `/!patched:${encodeKey(id)}`);
    else this.spawn(older, input);
  }
}
