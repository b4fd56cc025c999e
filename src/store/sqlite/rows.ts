import { type RunRow, toRun, type ValueRow } from '../run-row.ts';
import type { StoredRun } from '../stored-run.ts';
import type { Database } from './database.ts';

/** How many events a run can have: their numbers are the lower half of the key of their row, that of the run is the upper. */
export const mostEvents = 2 ** 32;

/**
 * Asks for rows of runs. What every commit changes stands with its events, so that it writes one page: the last of them say the
 * number of the next and of the commit, unless a commit without events came after.
 */
export const selectRuns = `
SELECT runs.*, coalesce((last.id & ${mostEvents - 1}) + last.count, 0) AS next_seq,
  CASE WHEN last.epoch = runs.epoch AND last.number > quiet_number THEN last.number ELSE quiet_number END AS commits,
  CASE WHEN last.epoch = runs.epoch AND last.number > quiet_number THEN last.commit_sum ELSE quiet_sum END AS commit_sum
FROM runs LEFT JOIN events AS last ON last.id = (
  SELECT max(id) FROM events WHERE id BETWEEN runs.id << 32 AND (runs.id << 32) + ${mostEvents - 1}
)`;

const byId = `${selectRuns} WHERE run_id = ?`;

/** The row of a run. */
export function rowOf(db: Database, runId: string): RunRow | undefined {
  return db.sql(byId).get(runId) as RunRow | undefined;
}

/** A run with its values. */
export function toStoredRun(db: Database, row: RunRow): StoredRun {
  const values = db.sql('SELECT name, body, sum FROM run_values WHERE run = ?').all(row.id) as ValueRow[];
  return toRun(row, values);
}
