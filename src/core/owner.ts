import type { Cost, OutputSource } from './events.ts';
import type { Ledger } from './ledger.ts';
import type { Facts } from './scope.ts';

/** Whose cost it is. */
export interface Spender {
  readonly path: string;
  readonly id: string;
  readonly attempt: number;
}

/** A step, as its body and the steps inside it see it: where they report to. */
export interface Reporter {
  readonly id: string;
  readonly path: string;
  /** The attempt under way, from 1. */
  readonly attempt: number;
  /** The attempt whose readings of clock and chance it makes: its own, or that of which it is the repetition. */
  readonly readsAs: number;
  /** Tells listeners of the run. */
  tell(facts: Facts): void;
  /** Streams a part of the output. */
  partial(chunk: unknown): void;
  /** Counts a cost and tells of it; one of an attempt that has ended is late. */
  cost(cost: Cost, by: Spender, late: boolean, ledger: Ledger): void;
  /** Takes over what something inside it cost. */
  absorb(usd: number): void;
}

/** The step that a frame works for, as policies see it. */
export interface Owner extends Reporter {
  readonly owner: Owner | undefined;
  /** Hands on a part of the output that another step streams in its place, without telling of it again. */
  streamed(chunk: unknown): void;
  /** What it has streamed counts no more. */
  retracted(): void;
  /** Whether the attempt may be tried again; where it may not, it has been ended. */
  mayRetry(error: unknown): boolean;
  /** Ends the attempt, to be tried again after `delayMs`. */
  retrying(error: unknown, delayMs: number): void;
  /** Begins the next attempt; one that repeats another reads what that read. */
  restarted(repeats?: boolean): void;
  /** An attempt has started and not ended. */
  readonly open: boolean;
  /** An attempt of its body was under way when the process ended, and has not been told to be over; true once. */
  interrupted(): boolean;
  /** How the output was come by, as far as was said. */
  readonly source: OutputSource;
  /** Says how the output was come by, if not by the body. */
  cameFrom(source: OutputSource): void;
}
