import {
  admitCommit,
  batchSum,
  type CommitHead,
  checkFollows,
  commitHead,
  type GivenCommit,
  releases,
} from '../admit-commit.ts';
import type { PackedBatch } from '../packed.ts';
import { sumOf } from '../sealed.ts';
import type { Database } from './database.ts';
import { advanceRun, type Target, writeBatch, writeFacts } from './write-batch.ts';

/** Commits a batch, in a transaction, unless it was written before. */
export function commitBatch(db: Database, runId: string, epoch: number, batch: PackedBatch): void {
  const given = { runId, epoch, batch, sum: batchSum(batch) };
  const id = db.ids.get(runId);
  const [first] = batch.events;
  if (id === undefined || first === undefined || batch.session !== undefined)
    return commitWithCare(db, given);
  const target = { id, runId, nextSeq: first.seq, epoch };
  if (!advanceRun(db, target, given)) return commitWithCare(db, given);
  writeBatch(db, target, batch);
  if (releases(batch)) release(db, target);
}

/** The same where the run's row has to be read: to say why it is refused, among others. */
function commitWithCare(db: Database, given: GivenCommit): void {
  const { runId, epoch, batch, sum } = given;
  const row = db.sql(`SELECT ${commitHead} FROM runs WHERE run_id = ?`).get(runId) as CommitHead | undefined;
  const head = admitCommit(given, row);
  if (!head) return;
  checkFollows(runId, head.next_seq, batch.events);
  const target = { id: head.id, runId, nextSeq: head.next_seq, epoch };
  writeBatch(db, target, batch);
  writeFacts(db, target, batch, sum);
  if (batch.session !== undefined && head.session_id !== null)
    db.sql('UPDATE sessions SET body = ?, sum = ? WHERE session_id = ?').run(
      ...[batch.session, sumOf(batch.session), head.session_id],
    );
  if (releases(batch)) release(db, target);
  else db.know(runId, head.id);
}

function release(db: Database, { id, runId }: Target): void {
  db.ids.delete(runId);
  db.sql('UPDATE runs SET owner = NULL, lease_until = NULL WHERE id = ?').run(id);
}
