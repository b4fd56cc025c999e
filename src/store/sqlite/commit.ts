import {
  admitCommit,
  batchSum,
  type CommitHead,
  checkFollows,
  commitHead,
  releases,
} from '../admit-commit.ts';
import type { PackedBatch } from '../packed.ts';
import { sumOf } from '../sealed.ts';
import type { Database } from './database.ts';
import { writeBatch, writeFacts } from './write-batch.ts';

/** Commits a batch, in a transaction, unless it was written before. */
export function commitBatch(db: Database, runId: string, epoch: number, batch: PackedBatch): void {
  const sum = batchSum(batch);
  const row = db.sql(`SELECT ${commitHead} FROM runs WHERE run_id = ?`).get(runId) as CommitHead | undefined;
  const head = admitCommit({ runId, epoch, batch, sum }, row);
  if (!head) return;
  checkFollows(runId, head.next_seq, batch.events);
  const target = { id: head.id, runId, nextSeq: head.next_seq, epoch };
  writeBatch(db, target, batch);
  writeFacts(db, target, batch, sum);
  if (batch.session !== undefined && head.session_id !== null)
    db.sql('UPDATE sessions SET body = ?, sum = ? WHERE session_id = ?').run(
      ...[batch.session, sumOf(batch.session), head.session_id],
    );
  if (releases(batch)) db.sql('UPDATE runs SET owner = NULL, lease_until = NULL WHERE id = ?').run(head.id);
}
