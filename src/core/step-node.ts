import { AttemptNode } from './attempt.ts';
import type { Body } from './body-run.ts';
import type { Edge } from './edge.ts';
import type { Frame, Node } from './frame.ts';
import { Leaf } from './leaf.ts';
import type { Piece } from './piece.ts';
import { StepFrame } from './step-frame.ts';

/** A step in the structure of a workflow: what has an id and a lifecycle that events tell of. */
export class StepNode extends AttemptNode {
  override readonly name: string;
  /** Of a workflow. */
  readonly version: string | undefined;

  constructor(id: string, edge: Edge, inside: Body | Node, version?: string) {
    super(id, edge, inside);
    this.name = id;
    this.version = version;
  }

  override frame(parent: Frame, path: string, slot: number, spare?: Piece): Piece {
    const { journal } = parent.scope;
    if (journal !== undefined) return journal.stepFrame(this, parent, path, slot) as Piece;
    if (this.body === undefined) return new StepFrame(this, parent, path, slot);
    return spare instanceof Leaf ? spare.again(this, parent, path, slot) : new Leaf(this, parent, path, slot);
  }
}
