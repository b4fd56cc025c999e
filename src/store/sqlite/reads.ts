import type { RunEvent } from '../../core/events.ts';
import type { Journal, StoredCheckpoint, StoredSignal } from '../batch.ts';
import { UnknownRunError } from '../errors.ts';
import { type CheckpointRow, type SignalRow, toCheckpoint, toJournal, toSignal } from '../journal-rows.ts';
import { listQuery, toPage } from '../list-sql.ts';
import type { RunRow } from '../run-row.ts';
import type { RunFilter, RunPage, StoredSession } from '../run-store.ts';
import { type Sealed, unseal } from '../sealed.ts';
import type { Database } from './database.ts';
import { type EventsRow, fromRows } from './event-rows.ts';
import { mostEvents, rowOf, selectRuns, toStoredRun } from './rows.ts';

/** A page of runs. */
export function listRuns(db: Database, filter: RunFilter): RunPage {
  const { text, values, limit } = listQuery(filter, () => '?');
  const rows = db.sql(`${selectRuns} ${text}`).all(...values) as RunRow[];
  return toPage(
    rows.map((row) => toStoredRun(db, row)),
    limit,
  );
}

/** The rows from the one that has the first event to the one that has the last. */
const eventRows = `
WITH run AS (SELECT id << 32 AS first FROM runs WHERE run_id = ?1)
SELECT id & ${mostEvents - 1} AS seq, count, body, sum FROM run JOIN events
WHERE id BETWEEN coalesce((SELECT max(id) FROM events WHERE id BETWEEN first AND first + ?2), first) AND first + ?3
  AND (id & ${mostEvents - 1}) + count > ?2
ORDER BY id`;

/** Events of a run. */
export function readEvents(db: Database, runId: string, from: number, limit: number): RunEvent[] {
  if (from >= mostEvents) return [];
  const last = Math.min(from + limit, mostEvents) - 1;
  return fromRows(runId, from, limit, db.sql(eventRows).all(runId, from, last) as EventsRow[]);
}

/** Signals of a run. */
export function readSignals(db: Database, runId: string, from: number): StoredSignal[] {
  const sql = `SELECT * FROM signals
    WHERE run = (SELECT id FROM runs WHERE run_id = ?) AND number >= ? ORDER BY number`;
  return (db.sql(sql).all(runId, from) as SignalRow[]).map((row) => toSignal(runId, row));
}

/** All that was written of a run but its events. */
export function readJournal(db: Database, runId: string): Journal {
  const row = rowOf(db, runId);
  if (!row) throw new UnknownRunError(runId);
  const rows = <T>(sql: string): T[] => db.sql(sql).all(row.id) as T[];
  return toJournal(runId, {
    entries: rows('SELECT body, sum FROM entries WHERE run = ? ORDER BY epoch, number, position'),
    waits: rows('SELECT body, sum, closed_seq FROM waits WHERE run = ? ORDER BY id'),
    signals: rows('SELECT * FROM signals WHERE run = ? ORDER BY number'),
    checkpoints: rows('SELECT id, name, seq FROM checkpoints WHERE run = ? ORDER BY rowid'),
    extras: rows('SELECT body, sum FROM extras WHERE run = ? ORDER BY id'),
  });
}

/** A checkpoint of any run. */
export function readCheckpoint(db: Database, checkpointId: string): StoredCheckpoint | undefined {
  const sql =
    'SELECT c.id, c.name, c.seq, r.run_id FROM checkpoints c JOIN runs r ON r.id = c.run WHERE c.id = ?';
  const row = db.sql(sql).get(checkpointId) as (CheckpointRow & { run_id: string }) | undefined;
  return row && toCheckpoint(row.run_id, row);
}

/** A session and its context. */
export function readSession(db: Database, sessionId: string): StoredSession | undefined {
  const row = db.sql('SELECT body, sum FROM sessions WHERE session_id = ?').get(sessionId) as
    | Sealed
    | { body: null }
    | undefined;
  if (!row) return undefined;
  if (row.body === null) return { sessionId };
  return { sessionId, context: unseal(`the context of session ${sessionId}`, row) };
}
