import { nodeOf } from '../../core/as-step.ts';
import { AttemptNode } from '../../core/attempt.ts';
import type { Edge, Schema } from '../../core/edge.ts';
import type { Node } from '../../core/frame.ts';
import { PolicyNode } from '../../core/policy-frame.ts';
import type { AnyStep } from '../../core/step-types.ts';

/** The schemas of what a step takes and gives, where it has any that its adapters do not hide. */
export function schemasOf(step: AnyStep): {
  readonly input?: Schema | undefined;
  readonly output?: Schema | undefined;
} {
  const edges = edgesOf(nodeOf(step));
  return { input: outermost(edges, 'input', 'using'), output: outermost(edges, 'output', 'map') };
}

/** What checks and adapts values around a step's body, outermost first. */
function edgesOf(node: Node | undefined): Edge[] {
  if (node instanceof PolicyNode) return edgesOf(node.inside);
  if (!(node instanceof AttemptNode)) return [];
  const { edge, inside } = node;
  return [
    edge,
    ...('frame' in inside && (inside instanceof PolicyNode || inside instanceof AttemptNode)
      ? edgesOf(inside)
      : []),
  ];
}

function outermost(
  edges: readonly Edge[],
  schema: 'input' | 'output',
  adapter: 'using' | 'map',
): Schema | undefined {
  for (const edge of edges) {
    if (edge[adapter] !== undefined) return undefined;
    if (edge[schema] !== undefined) return edge[schema];
  }
  return undefined;
}
