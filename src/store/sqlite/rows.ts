import { type RunRow, toRun, type ValueRow } from '../run-row.ts';
import type { StoredRun } from '../stored-run.ts';
import type { Database } from './database.ts';

/** The row of a run. */
export function rowOf(db: Database, runId: string): RunRow | undefined {
  return db.sql('SELECT * FROM runs WHERE run_id = ?').get(runId) as RunRow | undefined;
}

/** A run with its values. */
export function toStoredRun(db: Database, row: RunRow): StoredRun {
  const values = db.sql('SELECT name, body, sum FROM run_values WHERE run = ?').all(row.id) as ValueRow[];
  return toRun(row, values);
}
