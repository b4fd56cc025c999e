import type { RunRow } from '../run-row.ts';
import type { Retention } from '../run-store.ts';
import { endedStates, isEnded } from '../stored-run.ts';
import type { Database } from './database.ts';
import { mostEvents, rowOf, selectRuns } from './rows.ts';

const tables = ['run_values', 'entries', 'waits', 'signals', 'checkpoints', 'extras'];

/** Deletes a run and all that is kept of it, in a transaction. */
export function deleteRun(db: Database, runId: string): boolean {
  const row = rowOf(db, runId);
  if (!row) return false;
  removeRow(db, row);
  return true;
}

/** Deletes runs that ended long ago, in a transaction. Gives their ids. */
export function pruneRuns(
  db: Database,
  { endedBefore, states = endedStates, limit = 1000 }: Retention,
): string[] {
  const asked = states.filter(isEnded);
  const rows = db
    .sql(
      `${selectRuns} WHERE state IN ('completed', 'failed', 'cancelled')
       AND state IN (${asked.map(() => '?').join()}) AND coalesce(ended_at, 0) < ?
       ORDER BY coalesce(ended_at, 0) LIMIT ?`,
    )
    .all(...asked, endedBefore, limit) as RunRow[];
  for (const row of rows) removeRow(db, row);
  return rows.map(({ run_id }) => run_id);
}

function removeRow(db: Database, { id, run_id, session_id }: RunRow): void {
  db.heads.delete(run_id);
  for (const table of tables) db.sql(`DELETE FROM ${table} WHERE run = ?`).run(id);
  db.sql('DELETE FROM events WHERE id BETWEEN ?1 << 32 AND (?1 << 32) + ?2').run(id, mostEvents - 1);
  db.sql('DELETE FROM runs WHERE id = ?').run(id);
  // A session is there for its runs.
  db.sql(
    'DELETE FROM sessions WHERE session_id = ?1 AND NOT EXISTS (SELECT 1 FROM runs WHERE session_id = ?1)',
  ).run(session_id);
}
