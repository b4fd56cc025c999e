import type { Workload } from '../workload.ts';
import { sumFrom } from './sums.ts';

/** A step for each item, 64 at a time, the results added up. */
export const map: Workload = {
  name: 'map',
  title: 'map of 10,000 items at concurrency 64, and a reduce',
  unit: 'item',
  size: 10_000,
  units: (size) => size,
  output: (size, input) => sumFrom(input + 1, size),
  events: (size) => 2 * size + 2,
  marks: [{ engine: 'events', atLeast: 1 }],
};
