import { latticeOutput } from '../lattice.ts';
import type { Workload } from '../workload.ts';

/** A directed acyclic graph in which each node waits for two others. */
export const dag: Workload = {
  name: 'dag',
  title: 'a lattice of 200 nodes that wait for each other',
  unit: 'node',
  size: 200,
  units: (size) => size,
  output: latticeOutput,
  events: (size) => 2 * size + 2,
  marks: [{ engine: 'events', atLeast: 1 }],
};
