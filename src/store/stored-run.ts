import type { ErrorRecord } from '../core/error-record.ts';

/**
 * How a kept run stands. `waiting` runs hold open waits and need nobody until one is answered or due; `parked` runs cannot
 * go on with the definition there is; the last three are ends.
 */
export type StoredRunState =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'paused'
  | 'parked'
  | 'completed'
  | 'failed'
  | 'cancelled';

/** The states after which a run takes nothing more. */
export const endedStates: readonly StoredRunState[] = ['completed', 'failed', 'cancelled'];

/** Nothing more happens to a run in this state. */
export function isEnded(state: StoredRunState): boolean {
  return endedStates.includes(state);
}

/** Where a run was copied from: all that was told there up to event `seq`. */
export interface ForkOrigin {
  readonly runId: string;
  readonly seq: number;
}

/** A run to keep. Times are in milliseconds. */
export interface NewRun {
  readonly runId: string;
  /**
   * Unique per request to make a run, not per run: a request whose answer was lost is given again with the same, and makes
   * one run.
   */
  readonly requestId: string;
  readonly workflow: string;
  readonly version: string;
  readonly definitionHash?: string;
  readonly input: unknown;
  readonly createdAt: number;
  /** The first run of a session gives it its context. */
  readonly sessionId?: string;
  readonly context?: unknown;
  /** What its workflow can be made of again in a process that does not have it, such as the text of a file; the store does not read it. */
  readonly definition?: unknown;
  /** Unique in the store; the same workflow and input under it is the same run. */
  readonly idempotencyKey?: string;
  readonly forkedFrom?: ForkOrigin;
  /** Who runs it, from the start; else it waits to be taken. */
  readonly lease?: LeaseRequest;
}

/** Who wants a lease, and for how long from now. */
export interface LeaseRequest {
  readonly owner: string;
  readonly ms: number;
}

/** The right to write to a run, as long as nobody has a later one: `epoch` counts the leases of a run from 1. */
export interface Lease {
  readonly runId: string;
  readonly owner: string;
  readonly epoch: number;
  /** When others may take the run; milliseconds of the store's clock. */
  readonly until: number;
}

/** What a commit says anew of its run; what it does not name stays. */
export interface RunPatch {
  readonly state?: StoredRunState;
  readonly output?: unknown;
  readonly error?: ErrorRecord;
  readonly context?: unknown;
  readonly costUsd?: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Why it is in its state: the reason of a pause or a cancellation, what parked it. */
  readonly reason?: string;
  /** With `definitionHash`, of the definition that it goes on with. */
  readonly version?: string;
  readonly definitionHash?: string;
}

/** A run as it is kept. Times are in milliseconds, of the run's clock but for `leaseUntil`. */
export interface StoredRun extends Omit<NewRun, 'lease'> {
  readonly state: StoredRunState;
  readonly output?: unknown;
  readonly error?: ErrorRecord;
  readonly costUsd: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly reason?: string;
  /** SHA-256 of the workflow's name and the input. */
  readonly inputHash: string;
  /** The `seq` that its next event has. */
  readonly nextSeq: number;
  /** How many commits its present lease has made. */
  readonly commits: number;
  readonly epoch: number;
  /** Who has its lease; nobody when it was released. */
  readonly owner?: string;
  readonly leaseUntil?: number;
}
