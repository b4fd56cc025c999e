import { DefinitionError } from '../../src/core/errors.ts';
import type { Node } from '../../src/core/frame.ts';
import { encodeKey } from '../../src/core/path.ts';
import { Places } from '../../src/core/places.ts';

/** A node of a graph, as it is declared. */
export interface GraphPart {
  readonly id: string;
  /** The id of the step behind it. */
  readonly stepId: string;
  readonly node: Node;
  readonly after: readonly string[];
  readonly input: ((given: never) => unknown) | undefined;
  readonly when: ((given: never) => boolean) | undefined;
  /** Nothing runs beside it. */
  readonly alone: boolean;
}

/** Who waits for whom; everything is by the position of a part in the list. */
export interface GraphPlan {
  readonly parts: readonly GraphPart[];
  readonly places: Places;
  /** Where what each comes after is. */
  readonly dependencies: readonly (readonly number[])[];
  /** Who comes after each. */
  readonly dependents: readonly (readonly number[])[];
  /** Those that come after nobody. */
  readonly sources: readonly number[];
  /** Those that nobody comes after. */
  readonly sinks: readonly number[];
}

/** Works out who waits for whom. Errors: `DefinitionError` for names that are taken or unknown, and for a circle. */
export function planGraph(parts: readonly GraphPart[]): GraphPlan {
  const dependencies = resolve(parts);
  const dependents: number[][] = parts.map(() => []);
  for (const [part, before] of dependencies.entries()) for (const one of before) dependents[one]?.push(part);
  const positions = [...parts.keys()];
  refuseCircles(parts, dependencies, dependents);
  return {
    parts,
    places: new Places(parts.map(({ id }) => `/${encodeKey(id)}`)),
    dependencies,
    dependents,
    sources: positions.filter((part) => dependencies[part]?.length === 0),
    sinks: positions.filter((part) => dependents[part]?.length === 0),
  };
}

/** Refuses a part that could not stand beside the others. `known` are the ids it may come after. */
export function checkPart({ id, after }: GraphPart, known: ReadonlySet<string>): void {
  if (id === '' || id === 'input' || id === '__proto__')
    throw new DefinitionError(`graph: a node cannot be called ${JSON.stringify(id)}`);
  for (const name of after)
    if (!known.has(name))
      throw new DefinitionError(`graph: ${id} comes after ${JSON.stringify(name)}, which is not a node`);
}

function resolve(parts: readonly GraphPart[]): number[][] {
  const positions = new Map(parts.map(({ id }, position) => [id, position]));
  return parts.map(({ after }) => after.map((name) => positions.get(name) as number));
}

function refuseCircles(
  parts: readonly GraphPart[],
  dependencies: readonly (readonly number[])[],
  dependents: readonly (readonly number[])[],
): void {
  const circle = findCircle(dependencies, dependents);
  if (circle === undefined) return;
  const names = circle.map((part) => parts[part]?.id);
  throw new DefinitionError(`graph: the nodes ${names.join(' -> ')} form a cycle`);
}

/**
 * Finds what waits for itself: takes away, again and again, what waits for nothing; what is left waits in a circle.
 *
 * @returns the positions in a circle, the first of them at both ends
 */
export function findCircle(
  dependencies: readonly (readonly number[])[],
  dependents: readonly (readonly number[])[],
): number[] | undefined {
  const missing = dependencies.map(({ length }) => length);
  const free = [...dependencies.keys()].filter((part) => missing[part] === 0);
  for (const part of free) {
    for (const dependent of dependents[part] ?? []) {
      missing[dependent] = (missing[dependent] ?? 0) - 1;
      if (missing[dependent] === 0) free.push(dependent);
    }
  }
  const stuck = new Set([...dependencies.keys()].filter((part) => (missing[part] ?? 0) > 0));
  const [start] = stuck;
  return start === undefined ? undefined : circleFrom(start, stuck, dependencies);
}

/** Follows what waits back to where it has been before. */
function circleFrom(
  start: number,
  stuck: ReadonlySet<number>,
  dependencies: GraphPlan['dependencies'],
): number[] {
  const visited = [start];
  for (;;) {
    const at = visited.at(-1) ?? start;
    const next = dependencies[at]?.find((dependency) => stuck.has(dependency)) ?? start;
    const from = visited.indexOf(next);
    if (from >= 0) return [...visited.slice(from), next].reverse();
    visited.push(next);
  }
}
