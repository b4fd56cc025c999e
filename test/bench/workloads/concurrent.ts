import type { Workload } from '../workload.ts';
import { sumFrom } from './sums.ts';

/** Many short runs at once. */
export const concurrent: Workload = {
  name: 'concurrent',
  title: '10,000 concurrent runs of 5 asynchronous steps',
  unit: 'run',
  size: 10_000,
  units: (size) => size,
  output: (size, input) => sumFrom(input + 5, size),
  events: (size) => 12 * size,
  marks: [{ engine: 'events', atLeast: 0.5 }],
};
