import { nodeOf } from '../core/as-step.ts';
import type { Node } from '../core/frame.ts';
import type { AnyStep } from '../core/step-types.ts';
import { hashOf } from './input-hash.ts';

/** SHA-256 of the structure of a workflow: which steps there are, and how they are put together; not of what they do. */
export function shapeHashOf(workflow: AnyStep): string {
  return hashOf(shapeOf(nodeOf(workflow), 0)) ?? '';
}

type Shape = readonly [name: string, inside: readonly Shape[]];

/** Deeper than a definition that a person writes; those that are nested deeper are alike below. */
const deepest = 200;

function shapeOf(node: Node, depth: number): Shape {
  if (depth > deepest) return [node.name, []];
  return [node.name, nodesIn(node).map((inner) => shapeOf(inner, depth + 1))];
}

/** The nodes that another holds: itself, in a list, in a record, or in the plan of a graph. */
function nodesIn(node: Node): Node[] {
  const plan: unknown = 'plan' in node ? node.plan : undefined;
  return [...Object.values(node), plan].flatMap((value) => found(value, 0));
}

function found(value: unknown, depth: number): Node[] {
  if (typeof value !== 'object' || value === null || depth > 3) return [];
  if ('frame' in value && typeof value.frame === 'function') return [value as Node];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype) return [];
  return Object.values(value).flatMap((part) => found(part, depth + 1));
}
