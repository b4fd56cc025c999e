/** A node of a directed acyclic graph, by its index; `parents` come before it. */
export interface LatticeNode {
  readonly id: string;
  readonly parents: readonly number[];
  readonly children: readonly number[];
}

const WIDTH = 10;

/**
 * A lattice, ten nodes wide: each node comes after the one to its left and the one above it, the last is the only sink.
 *
 * @param size how many nodes: a multiple of ten
 */
export function latticeOf(size: number): readonly LatticeNode[] {
  return Array.from({ length: size }, (_, index) => ({
    id: `n${index}`,
    parents: [...(index % WIDTH > 0 ? [index - 1] : []), ...(index >= WIDTH ? [index - WIDTH] : [])],
    children: [
      ...(index % WIDTH < WIDTH - 1 && index + 1 < size ? [index + 1] : []),
      ...(index + WIDTH < size ? [index + WIDTH] : []),
    ],
  }));
}

/** What the last node gives, worked out without any engine. */
export function latticeOutput(size: number, input: number): number {
  const values: number[] = [];
  for (const { parents } of latticeOf(size)) {
    const value = parents.length === 0 ? input : parents.reduce((total, at) => total + values[at]!, 0);
    values.push((value % 1_000_003) + 1);
  }
  return values.at(-1) ?? 0;
}
