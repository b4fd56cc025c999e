import type { Workload } from '../workload.ts';

const chain = {
  unit: 'step',
  size: 100,
  units: (size: number) => size,
  output: (size: number, input: number) => input + size,
  events: (size: number) => 2 * size + 2,
} as const;

/** One step after another, each on the output of the one before. */
export const chainAsync: Workload = {
  ...chain,
  name: 'chain-async',
  title: 'a chain of 100 asynchronous steps',
  marks: [
    { engine: 'events', atLeast: 0.8 },
    { engine: 'rxjs', atLeast: 3 },
    { engine: 'effect', atLeast: 2 },
  ],
};

export const chainSync: Workload = {
  ...chain,
  name: 'chain-sync',
  title: 'a chain of 100 synchronous steps',
  marks: [
    { engine: 'events', atLeast: 0.6 },
    { engine: 'effect', atLeast: 1 },
  ],
};
