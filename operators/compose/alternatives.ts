import { Frame, type Node } from '../../src/core/frame.ts';
import { segmentsOf } from '../../src/core/path.ts';
import type { Piece } from '../../src/core/piece.ts';
import { skipped } from './skipped.ts';

/** Which of several ways to go, by position; `undefined` for none: the input passes through. */
export type Choice = (input: unknown) => number | undefined;

/** Runs one of several steps, by what its input says. */
export class AlternativesNode implements Node {
  readonly name: string;
  readonly choose: Choice;
  readonly nodes: readonly Node[];
  readonly segments: readonly string[];

  constructor(name: string, nodes: readonly Node[], choose: Choice) {
    this.name = name;
    this.choose = choose;
    this.nodes = nodes;
    this.segments = segmentsOf(nodes.map((node) => node.name));
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new AlternativesFrame(this, parent, path, slot);
  }
}

class AlternativesFrame extends Frame {
  readonly #node: AlternativesNode;

  constructor(node: AlternativesNode, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.#node = node;
  }

  begin(input: unknown): void {
    const { nodes, segments, choose } = this.#node;
    const { journal } = this.scope;
    const chosen =
      journal === undefined ? choose(input) : journal.decide(this.path, 'choice', () => choose(input));
    const node = chosen === undefined ? undefined : nodes[chosen];
    if (node !== undefined && chosen !== undefined) {
      this.spawn(node, input, segments[chosen], chosen);
      return;
    }
    for (const [slot, untaken] of nodes.entries()) this.#tellSkipped(untaken, segments[slot] ?? '');
    this.succeed(input);
  }

  #tellSkipped(node: Node, segment: string): void {
    // What has no place, as a transformation, tells nothing when it runs either.
    if (segment !== '') this.scope.tellSkipped(this.path + segment, node.name, skipped.reason);
  }
}
