import type { Observable } from 'rxjs';
import type { RunEvent } from '../core/events.ts';
import type { Batch, Journal, NewSignal, Seed, StoredCheckpoint, StoredSignal } from './batch.ts';
import type { Lease, LeaseRequest, NewRun, StoredRun, StoredRunState } from './stored-run.ts';

/** There already, or later. A store that has the answer at once gives it at once, so that runs stay in the same tick. */
export type Awaitable<T> = T | Promise<T>;

/** A run that was made, or was there under the same idempotency key. */
export interface CreatedRun {
  readonly run: StoredRun;
  /** False when another request had made it. */
  readonly created: boolean;
  /** When it was created with a lease. */
  readonly lease?: Lease;
}

/** Which runs to list; all conditions hold together. */
export interface RunFilter {
  readonly workflow?: string;
  readonly states?: readonly StoredRunState[];
  readonly sessionId?: string;
  readonly forkedFrom?: string;
  /** How many at most, from 1 to 1000. Default: 50. */
  readonly limit?: number;
  /** The `next` of the page before. */
  readonly after?: string;
}

/** Runs, those created last first. */
export interface RunPage {
  readonly runs: readonly StoredRun[];
  /** What to ask for the next page with; none on the last. */
  readonly next?: string;
}

/** Which events to read. */
export interface EventRange {
  /** The first. Default: 0. */
  readonly from?: number;
  /** How many at most, from 1. Default: 1000. */
  readonly limit?: number;
}

/** A run that nobody has, and why somebody should: its owner is gone, a wait is due, or it has an unused signal. */
export interface ClaimableRun {
  readonly runId: string;
  readonly because: 'orphaned' | 'due' | 'signalled';
}

/** Several runs under one name, and what is carried from one to the next. */
export interface StoredSession {
  readonly sessionId: string;
  readonly context?: unknown;
}

/** Which runs to delete: those that ended before a time, in milliseconds of the run's clock. */
export interface Retention {
  readonly endedBefore: number;
  /** Default: all ended states. */
  readonly states?: readonly StoredRunState[];
  /** How many at most at once. Default: 1000. */
  readonly limit?: number;
}

/**
 * Where runs are kept. `runStoreSuite` of `tutti/testing` holds a store to all that is promised here.
 *
 * A run has at most one writer: who holds its lease. Every commit names the lease; a store refuses one that was taken over
 * (*fencing*), whatever its holder believes, as a process that was stopped for an hour wakes up believing that no time
 * has passed. An expired lease which nobody took still counts. Signals, reads, `watch` and `delete` are for everybody.
 *
 * Values are written through the strict codec. What cannot be written down is refused before anything is written.
 *
 * Every write may be repeated when its answer was lost (`requestId`, `Batch.number`, `NewSignal.id` make the repetition known),
 * so that a caller may answer a `StoreError` that is `retryable` by the same call.
 *
 * Errors, of every method: `StoreError` when it cannot read or write, `StoreCorruptError` when what it reads was not
 * written so, `NonSerializableOutputError` and `ValueTooLargeError` for values. They are thrown by a store that answers at once,
 * and reject the promise of another.
 */
export interface RunStore {
  /**
   * Keeps a new run, with what belongs to it from the first, in one transaction.
   *
   * Errors: `RunExistsError` for a run id that another request took, `IdempotencyConflictError` for a known idempotency key with
   * another workflow or input.
   */
  create(run: NewRun, seed?: Seed): Awaitable<CreatedRun>;

  get(runId: string): Awaitable<StoredRun | undefined>;
  list(filter?: RunFilter): Awaitable<RunPage>;

  /**
   * Writes all of a batch, or nothing: events, journal, run, waits, signals used, checkpoints.
   *
   * It returns nothing when that is durable already, else a promise of it. A batch with the number of the last one
   * changes nothing when it says the same.
   *
   * Errors: `LeaseLostError` for a lease that was taken over or released, or a run that was deleted; `StoreConflictError` for a
   * number or a `seq` out of order, a second result, an unknown wait or signal, or one that is over; `RunEndedError` for a run that
   * has ended.
   */
  commit(lease: Pick<Lease, 'runId' | 'epoch'>, batch: Batch): void | Promise<void>;

  /** Events of a run in order; none for a run that is unknown or has no more. */
  events(runId: string, range?: EventRange): Awaitable<readonly RunEvent[]>;

  /** All else that was written of a run. Errors: `UnknownRunError`. */
  journal(runId: string): Awaitable<Journal>;

  /** Signals of a run in order, from a number; none for a run that is unknown or has no more. */
  signals(runId: string, from: number): Awaitable<readonly StoredSignal[]>;

  checkpoint(checkpointId: string): Awaitable<StoredCheckpoint | undefined>;
  session(sessionId: string): Awaitable<StoredSession | undefined>;

  /**
   * Takes a run that nobody has, or whose owner's lease has expired; `undefined` when somebody has it. Its owner may take it
   * again, which fences what it had before.
   *
   * Errors: `UnknownRunError`, `RunEndedError`.
   */
  take(runId: string, lease: LeaseRequest): Awaitable<Lease | undefined>;

  /** Keeps leases for `ms` from now. Gives the ids of the runs whose lease is lost. */
  renew(leases: readonly Lease[], ms: number): Awaitable<readonly string[]>;

  /** Gives a lease back, so that others need not wait. One that is lost is left as it is. */
  release(lease: Pick<Lease, 'runId' | 'epoch'>): Awaitable<void>;

  /**
   * Runs to be taken, of those without a live lease: pending and running ones; waiting ones of which an open wait is due, or has
   * its name among the unused event signals; waiting, paused and parked ones with an unused control signal.
   *
   * @param limit how many at most, from 1 to 1000, those created first first. Default: 100
   * @param after the last run of the page before. When it has been deleted, it begins anew
   */
  claimable(limit?: number, after?: string): Awaitable<readonly ClaimableRun[]>;

  /**
   * Sends a signal to a run, whoever runs it. A signal with a known id gives what was kept of it.
   *
   * Errors: `UnknownRunError`, `RunEndedError`, `StoreConflictError` for a known id with another content.
   */
  signal(runId: string, signal: NewSignal): Awaitable<StoredSignal>;

  /**
   * Tells when there may be something new of a run: events, signals, its row, its end or deletion. It tells after the write,
   * perhaps too often, never too rarely; what it is, the listener reads. Writes of other processes are told later.
   *
   * @param runId default: of any run
   */
  watch(runId?: string): Observable<void>;

  /**
   * Deletes all that is kept of a run; its idempotency key is free again. Who runs it finds its lease lost.
   *
   * @returns whether there was such a run
   */
  delete(runId: string): Awaitable<boolean>;

  /** Deletes runs that ended long ago, the earliest first. Gives how many. */
  prune(retention: Retention): Awaitable<number>;

  /** Ends what is under way and gives everything back. What is called later fails with a `StoreError`. */
  close(): Awaitable<void>;
}
