import { LeaseLostError, RunEndedError, StoreConflictError } from './errors.ts';
import type { PackedBatch } from './packed.ts';
import type { RunRow } from './run-row.ts';
import { sumOf } from './sealed.ts';
import { isEnded } from './stored-run.ts';

/** What a commit must know of its run: much less than there is, as it is read each time. */
export type CommitHead = Pick<
  RunRow,
  'id' | 'epoch' | 'commits' | 'commit_sum' | 'state' | 'owner' | 'next_seq' | 'session_id'
>;

/** The columns of {@link CommitHead}. */
export const commitHead = 'id, epoch, commits, commit_sum, state, owner, next_seq, session_id';

/** A lease's commit, and its {@link batchSum}. */
export interface GivenCommit {
  readonly runId: string;
  readonly epoch: number;
  readonly batch: PackedBatch;
  readonly sum: number;
}

/**
 * The head of the run that a commit may be written to now; nothing for the last commit given again.
 *
 * Errors: `LeaseLostError`, `RunEndedError`, `StoreConflictError`, as `commit` of a store promises.
 */
export function admitCommit(given: GivenCommit, head: CommitHead | undefined): CommitHead | undefined {
  const { runId, epoch, batch } = given;
  if (head?.epoch !== epoch) throw new LeaseLostError(runId, epoch);
  if (isRepeat(given, head)) return undefined;
  if (isEnded(head.state)) throw new RunEndedError(runId, head.state);
  if (head.owner === null) throw new LeaseLostError(runId, epoch);
  if (batch.number !== head.commits + 1)
    throw new StoreConflictError(runId, `commit ${batch.number} does not follow on commit ${head.commits}`);
  return head;
}

function isRepeat({ runId, batch, sum }: GivenCommit, head: CommitHead): boolean {
  if (batch.number !== head.commits || head.commits === 0) return false;
  if (sum === head.commit_sum) return true;
  throw new StoreConflictError(runId, `commit ${batch.number} was made with another content`);
}

/** The run gives its lease back with this batch. */
export function releases({ release, patch }: PackedBatch): boolean {
  return release === true || (patch.facts.state !== undefined && isEnded(patch.facts.state));
}

/**
 * A checksum of all that a batch says, by which its repetition is known.
 *
 * @param eventsSum one of its events, which most batches have nothing beside
 */
export function batchSum(batch: PackedBatch, eventsSum = sumOfAll(batch.events)): number {
  if (hasOnlyEvents(batch)) return eventsSum;
  return sumOf(JSON.stringify({ ...batch, events: batch.events.length }), eventsSum);
}

function sumOfAll(events: PackedBatch['events']): number {
  return events.reduce((sum, { body }) => sumOf(body, sum), 0);
}

/** A batch says nothing but what happened. */
export function hasOnlyEvents(batch: PackedBatch): boolean {
  const { entries, opens, closes, consumes, checkpoints, extras, patch, session, release } = batch;
  if (session !== undefined || release !== undefined || patch.values.length > 0) return false;
  if (entries.length + opens.length + closes.length + consumes.length > 0) return false;
  return checkpoints.length + extras.length === 0 && Object.keys(patch.facts).length === 0;
}

/** Errors: `StoreConflictError` for events that do not follow on those that a run has. */
export function checkFollows(runId: string, nextSeq: number, [first]: PackedBatch['events']): void {
  if (first !== undefined && first.seq !== nextSeq)
    throw new StoreConflictError(runId, `event ${first.seq} does not follow on event ${nextSeq - 1}`);
}
