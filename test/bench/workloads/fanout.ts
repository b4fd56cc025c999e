import type { Workload } from '../workload.ts';

/** Branches side by side on one input, and a step that adds up what they give. */
export const fanout: Workload = {
  name: 'fanout',
  title: 'fan-out to 1,000 asynchronous branches, and a join',
  unit: 'branch',
  size: 1000,
  units: (size) => size,
  output: (size, input) => size * (input + 1),
  events: (size) => 2 * size + 4,
  marks: [{ engine: 'events', atLeast: 1 }],
};
