import type { Workload } from '../workload.ts';

/** How many steps a durable run has. */
export const durableSteps = 20;

/** How many of them there are at once where many share what a commit costs. */
export const durableRuns = 64;

/** What a commit survives: see `SqliteOptions`. */
export type Durability = 'power' | 'process';

const durable = {
  unit: 'step',
  size: durableSteps,
  units: (size: number) => size,
  // A larger size is more runs at once, all with the same input.
  output: (size: number, input: number) => (size / durableSteps) * (input + durableSteps),
  events: (size: number) => (size / durableSteps) * (2 * durableSteps + 2),
  engines: ['orchestra', 'orchestra64', 'bare', 'langgraphSqlite'],
  baseline: 'bare',
  // What a disk takes is no processor time.
  clock: 'wall',
} as const;

/** A chain whose steps are each on the disk before the next begins. */
export const durablePower: Workload = {
  ...durable,
  name: 'durable-power',
  title: 'a durable chain of 20 steps in SQLite, which survives a loss of power',
  marks: [
    { of: 'orchestra', engine: 'bare', atLeast: 0.6 },
    { of: 'orchestra64', engine: 'orchestra', atLeast: 5 },
  ],
};

/** The same, but what the system still holds back is not waited for. */
export const durableProcess: Workload = {
  ...durable,
  name: 'durable-process',
  title: 'a durable chain of 20 steps in SQLite, which survives the end of the process',
  marks: [{ of: 'orchestra', engine: 'bare', atLeast: 0.6 }],
};
