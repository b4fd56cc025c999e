import type { Cost, LogLevel } from './events.ts';

/**
 * What a body can ask and tell while it runs. `Chunk` is the type of its partials, given by the step's `partial`
 * schema. What is told after the attempt's end is ignored, but for a cost, which counts and is marked `late`.
 *
 * Every member may be taken out of the object: `const { signal, cost } = ctx`.
 */
export interface StepContext<in Chunk = never> {
  /** Aborted when the step is cancelled, times out or is unsubscribed. Made when first asked for. */
  readonly signal: AbortSignal;
  /** From 1. */
  readonly attempt: number;
  readonly path: string;
  readonly runId: string;
  readonly sessionId: string | undefined;
  /** What the run was given as `context`. */
  readonly context: unknown;
  /** The same over retries and resumes of this step in this run: hand it to services that deduplicate on it. */
  readonly idempotencyKey: string;
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  /** A random number of the run's source: at least 0, less than 1. */
  readonly random: () => number;
  /** Tells how far the step is, from 0 to 1. Event: `step.progress`. */
  readonly progress: (fraction: number, message?: string) => void;
  /** Counts what a call cost. Event: `step.cost`. */
  readonly cost: (cost: Cost) => void;
  /** Streams a part of the output. Event: `step.partial`. */
  readonly partial: (chunk: Chunk) => void;
  /** Event: `step.log`; level `info` by default. */
  readonly log: (message: string, level?: LogLevel) => void;
  /** Tells listeners something of your own. Event: `custom`. */
  readonly emit: (name: string, data?: unknown) => void;
}
