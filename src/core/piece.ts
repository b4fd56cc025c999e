import type { Cancellation } from './cancellation.ts';

/** What runs of a node, as its parent sees it. */
export interface Piece {
  readonly path: string;
  /** Which of its parent's children it is. */
  readonly slot: number;
  /** Begins, as soon as what the loop does now is done. */
  start(input: unknown): void;
  /** Begins at once if it is a plain step, which may end before this returns; else as {@link start}. Says which. */
  startNow(input: unknown): boolean;
  /** Ends it and everything below it from outside, innermost first. What teardowns throw is returned. */
  cancel(cause: Cancellation): unknown[];
}
