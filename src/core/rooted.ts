import type { Node } from './frame.ts';
import { SequenceNode } from './sequence-node.ts';
import { StepNode } from './step-node.ts';

/** What a named step or a workflow holds: a step keeps its own place below it, a composite shares its place. */
export function rooted(node: Node): Node {
  return node instanceof StepNode ? new SequenceNode([node]) : node;
}
