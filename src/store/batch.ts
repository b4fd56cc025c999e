import type { ErrorRecord } from '../core/error-record.ts';
import type { OutputSource, RunEvent, Wait } from '../core/events.ts';
import type { RunPatch } from './stored-run.ts';

/**
 * Where a fact of the journal belongs. `seq` is that of the last event told before it or with it, so that a fork or a restore
 * at some `seq` knows what it keeps.
 *
 * `pass` tells the attempts of the steps around apart: when a step with steps inside is tried again, those run again at the
 * same paths. It is `''`, or what the caller makes of the attempts, such as `'2'` or `'2.1'`.
 */
export interface JournalPlace {
  readonly path: string;
  readonly pass?: string;
  readonly seq: number;
}

/** How a step ended for good. There is at most one for a path and pass, and it is never changed. Times in milliseconds. */
export interface StepResult extends JournalPlace {
  readonly type: 'result';
  readonly state: 'completed' | 'failed' | 'skipped';
  readonly attempt: number;
  readonly inputHash?: string;
  readonly output?: unknown;
  readonly error?: ErrorRecord;
  readonly source?: OutputSource;
  readonly costUsd: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

/**
 * Something else that a resumed run must find as it was: the branch taken, a race's winner, a loop's count, the order of a
 * fan-in, a reading of the clock or of chance, what a failed attempt cost. There is at most one for a path, pass and name.
 */
export interface JournalFact extends JournalPlace {
  readonly type: 'fact';
  readonly name: string;
  readonly value: unknown;
}

export type JournalEntry = StepResult | JournalFact;

/** A wait that opens, at most one at a time for a path; `seq` as in {@link JournalPlace}. */
export interface OpenedWait extends Wait {
  readonly path: string;
  readonly seq: number;
}

/** The open wait of a path is over. */
export interface ClosedWait {
  readonly path: string;
  readonly seq: number;
}

/** A wait as it is kept: open, as long as it has no `closedSeq`. */
export interface StoredWait extends OpenedWait {
  readonly closedSeq?: number;
}

/** The run has made use of signal `number`. */
export interface ConsumedSignal {
  readonly number: number;
  readonly seq: number;
}

/**
 * What somebody sends to a run. The `control` channel is for requests to whoever runs it (pause, resume, cancel), so that no
 * name of a user's event can be taken for one.
 */
export interface NewSignal {
  /** Unique for the run: the same signal sent again, because an answer was lost, is one signal. */
  readonly id: string;
  readonly channel: 'event' | 'control';
  readonly name: string;
  readonly payload: unknown;
}

/** A signal as it is kept; `number` counts those of the run from 0, in the order in which they came in. */
export interface StoredSignal extends NewSignal {
  readonly number: number;
  /** Milliseconds of the store's clock. */
  readonly receivedAt: number;
  /** The run's last event when it came in; -1 before the first. */
  readonly receivedSeq: number;
  /** None as long as the run has not used it. */
  readonly consumedSeq?: number;
}

/** A name for a `seq`; `id` is unique in the store, names need not be. */
export interface Checkpoint {
  readonly id: string;
  readonly name?: string;
  readonly seq: number;
}

/** A checkpoint, and the run that it is of. */
export interface StoredCheckpoint extends Checkpoint {
  readonly runId: string;
}

/** What was given to a run when it was resumed. */
export interface ResumeExtra {
  readonly seq: number;
  readonly value: unknown;
}

/** What belongs to a new run from the first: in a fork, what it keeps. */
export interface Seed {
  readonly events?: readonly RunEvent[];
  readonly entries?: readonly JournalEntry[];
  readonly opens?: readonly OpenedWait[];
  readonly extras?: readonly ResumeExtra[];
  readonly run?: RunPatch;
}

/** All that one commit writes, or nothing of it. */
export interface Batch extends Seed {
  /**
   * Counts the commits under one lease from 1. A commit whose answer was lost is given again with the same number and the
   * same content, and changes nothing if it had been written. So there is at most one commit of a run under way.
   */
  readonly number: number;
  readonly closes?: readonly ClosedWait[];
  readonly consumes?: readonly ConsumedSignal[];
  readonly checkpoints?: readonly Checkpoint[];
  /** The context of the run's session from now on. */
  readonly session?: { readonly context: unknown };
  /** Gives the lease back, as a run that waits needs nobody. The end of a run does so by itself. */
  readonly release?: true;
}

/** All that is needed to go on with a run, in the order of writing. */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  readonly waits: readonly StoredWait[];
  readonly signals: readonly StoredSignal[];
  readonly checkpoints: readonly StoredCheckpoint[];
  readonly extras: readonly ResumeExtra[];
}
