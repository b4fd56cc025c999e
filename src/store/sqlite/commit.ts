import { LeaseLostError, RunEndedError, StoreConflictError } from '../errors.ts';
import type { PackedBatch } from '../packed.ts';
import { isEnded } from '../stored-run.ts';
import type { Database } from './database.ts';
import { type RunRow, sumOf } from './rows.ts';
import { writeBatch, writeFacts } from './write-batch.ts';

/** What a commit must know of its run: much less than there is, as it is read each time. */
type Head = Pick<
  RunRow,
  'id' | 'epoch' | 'commits' | 'commit_sum' | 'state' | 'owner' | 'next_seq' | 'session_id'
>;

const head =
  'SELECT id, epoch, commits, commit_sum, state, owner, next_seq, session_id FROM runs WHERE run_id = ?';

/** Commits a batch, in a transaction. Gives whether it was written now, and not before. */
export function commitBatch(db: Database, runId: string, epoch: number, batch: PackedBatch): boolean {
  const row = db.sql(head).get(runId) as Head | undefined;
  if (row?.epoch !== epoch) throw new LeaseLostError(runId, epoch);
  const sum = batchSum(batch);
  if (isRepeat(runId, row, batch.number, sum)) return false;
  if (isEnded(row.state)) throw new RunEndedError(runId, row.state);
  if (row.owner === null) throw new LeaseLostError(runId, epoch);
  if (batch.number !== row.commits + 1)
    throw new StoreConflictError(runId, `commit ${batch.number} does not follow on commit ${row.commits}`);
  const target = { id: row.id, runId, nextSeq: row.next_seq, epoch };
  writeBatch(db, target, batch);
  writeFacts(db, target, batch, sum);
  if (batch.session !== undefined && row.session_id !== null)
    db.sql('UPDATE sessions SET body = ?, sum = ? WHERE session_id = ?').run(
      ...[batch.session, sumOf(batch.session), row.session_id],
    );
  if (batch.release || isEnded(batch.patch.facts.state ?? row.state))
    db.sql('UPDATE runs SET owner = NULL, lease_until = NULL WHERE id = ?').run(row.id);
  return true;
}

function isRepeat(runId: string, row: Head, number: number, sum: number): boolean {
  if (number !== row.commits || row.commits === 0) return false;
  if (sum === row.commit_sum) return true;
  throw new StoreConflictError(runId, `commit ${number} was made with another content`);
}

/** A checksum of all that a batch says, by which its repetition is known. */
function batchSum({ events, entries, ...rest }: PackedBatch): number {
  let sum = 0;
  for (const { body } of events) sum = sumOf(body, sum);
  for (const { body } of entries) sum = sumOf(body, sum);
  return sumOf(JSON.stringify(rest), sum);
}
