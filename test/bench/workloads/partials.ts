import type { Workload } from '../workload.ts';
import { sumFrom } from './sums.ts';

const partials = {
  unit: 'partial',
  size: 100_000,
  units: (size: number) => size,
  output: (size: number, input: number) => sumFrom(input, size),
  events: (size: number) => size + 4,
} as const;

/** One step that streams, as fast as it can; a listener adds up what comes. */
export const partialsBurst: Workload = {
  ...partials,
  name: 'partials-burst',
  title: 'one step that streams 100,000 partials in a burst',
  marks: [{ engine: 'events', atLeast: 1 }],
};

export const partialsGenerator: Workload = {
  ...partials,
  name: 'partials-generator',
  title: 'one step that streams 100,000 partials from an async generator',
  marks: [{ engine: 'events', atLeast: 0.8 }],
};
