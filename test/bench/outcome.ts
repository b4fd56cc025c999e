import type { Outcome } from './engine.ts';

/** The outcome of an engine that tells nothing. */
export const silent = (output: number): Outcome => ({ output, events: 0 });
