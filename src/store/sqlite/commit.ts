import {
  admitCommit,
  batchSum,
  checkFollows,
  type GivenCommit,
  hasOnlyEvents,
  releases,
} from '../admit-commit.ts';
import type { PackedBatch } from '../packed.ts';
import { sumOf } from '../sealed.ts';
import type { Database, Head } from './database.ts';
import { type EventsRow, sumOfRows, toRows } from './event-rows.ts';
import { rowOf } from './rows.ts';
import { isConstraint } from './sqlite-error.ts';
import { type Target, updateRun, writeBatch, writeEvents } from './write-batch.ts';

/** A commit, and the rows that its events make. */
export interface RowedCommit extends GivenCommit {
  readonly rows: readonly EventsRow[];
}

/** All that can be done for a commit before it holds up others. */
export function toCommit(runId: string, epoch: number, batch: PackedBatch): RowedCommit {
  const rows = toRows(batch.events);
  return { runId, epoch, batch, rows, sum: batchSum(batch, sumOfRows(rows)) };
}

/** Writes a commit that has nothing but some events by one statement, and says whether it did. */
export function writeAlone(db: Database, given: RowedCommit): boolean {
  const { runId, epoch, batch, rows } = given;
  if (rows.length !== 1 || !hasOnlyEvents(batch)) return false;
  const head = db.heads.get(runId);
  if (head === undefined || !follows(given, head) || !insertAdmitted(db, given, head.id)) return false;
  const nextSeq = head.nextSeq + batch.events.length;
  db.know(runId, { id: head.id, epoch, number: batch.number, nextSeq });
  return true;
}

/** Writes a commit, in a transaction, unless it was written before. */
export function writeCommit(db: Database, given: RowedCommit): void {
  const head = db.heads.get(given.runId);
  if (head === undefined || !follows(given, head) || !insertAdmitted(db, given, head.id))
    return commitWithCare(db, given);
  const { runId, epoch, batch, rows } = given;
  const target = { id: head.id, runId, epoch };
  for (const row of rows.slice(1)) writeEvents(db, target, given, row);
  finish(db, target, given, head.nextSeq + batch.events.length);
}

/** It is the next commit after the last that was written here, and has events. */
function follows({ epoch, batch }: GivenCommit, head: Head): boolean {
  return (
    head.epoch === epoch &&
    head.number + 1 === batch.number &&
    head.nextSeq === batch.events[0]?.seq &&
    batch.session === undefined
  );
}

const admitted = `
INSERT INTO events (id, epoch, number, commit_sum, count, sum, body)
SELECT (id << 32) + ?1, ?2, ?3, ?4, ?5, ?6, ?7 FROM runs
WHERE id = ?8 AND epoch = ?2 AND owner IS NOT NULL AND quiet_number < ?3`;

/**
 * Writes the first events, if the run takes them; else nothing. Whoever has the run under the same lease may have committed by
 * another connection: then their events are where these would be, or the run knows of a commit without events.
 *
 * An id of a run is never given again, so that a run that was deleted, and perhaps made anew, is not found by it.
 */
function insertAdmitted(db: Database, { epoch, batch, rows, sum }: RowedCommit, id: number): boolean {
  const { seq, count, sum: rowSum, body } = rows[0]!;
  try {
    const insert = db.sql(admitted);
    return Number(insert.run(seq, epoch, batch.number, sum, count, rowSum, body, id).changes) > 0;
  } catch (error) {
    if (isConstraint(error)) return false;
    throw error;
  }
}

/** The same where the run's row has to be read: to say why it is refused, among others. */
function commitWithCare(db: Database, given: RowedCommit): void {
  const { runId, epoch, batch, rows } = given;
  const head = admitCommit(given, rowOf(db, runId));
  if (!head) return;
  checkFollows(runId, head.next_seq, batch.events);
  const target = { id: head.id, runId, epoch };
  for (const row of rows) writeEvents(db, target, given, row);
  if (batch.session !== undefined && head.session_id !== null)
    db.sql('UPDATE sessions SET body = ?, sum = ? WHERE session_id = ?').run(
      ...[batch.session, sumOf(batch.session), head.session_id],
    );
  finish(db, target, given, head.next_seq + batch.events.length);
}

/** Writes what a commit holds beside events. */
function finish(db: Database, target: Target, { batch, sum }: RowedCommit, nextSeq: number): void {
  const { id, runId, epoch } = target;
  writeBatch(db, target, batch);
  updateRun(db, target, batch, sum);
  if (releases(batch)) db.heads.delete(runId);
  else db.know(runId, { id, epoch, number: batch.number, nextSeq });
}
