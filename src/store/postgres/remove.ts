import type { Retention } from '../run-store.ts';
import { endedStates, isEnded } from '../stored-run.ts';
import type { Ask, Database } from './database.ts';

interface Doomed {
  readonly id: number;
  readonly run_id: string;
  readonly session_id: string | null;
}

const tables = ['run_values', 'events', 'entries', 'waits', 'signals', 'checkpoints', 'extras'];

/** The runs are locked, so that nothing is added to them in the meantime. */
const remove = `
WITH ${tables.map((table) => `of_${table} AS (DELETE FROM ${table} WHERE run = ANY($1))`).join(',\n  ')}
DELETE FROM runs WHERE id = ANY($1) RETURNING pg_notify($2, run_id)`;

/** Deletes a run and all that is kept of it. */
export function deleteRun(db: Database, channel: string, runId: string): Promise<boolean> {
  return db.transaction(async (ask) => {
    const find = 'SELECT id, run_id, session_id FROM runs WHERE run_id = $1 FOR UPDATE';
    const found = await ask<Doomed>(find, [runId]);
    await removeRuns(ask, channel, found);
    return found.length > 0;
  });
}

/** Deletes runs that ended long ago; those that somebody else is deleting are left to them. Gives their ids. */
export function pruneRuns(
  db: Database,
  channel: string,
  { endedBefore, states = endedStates, limit = 1000 }: Retention,
): Promise<string[]> {
  return db.transaction(async (ask) => {
    const found = await ask<Doomed>(
      `SELECT id, run_id, session_id FROM runs
       WHERE state IN ('completed', 'failed', 'cancelled') AND state = ANY($1) AND coalesce(ended_at, 0) < $2
       ORDER BY coalesce(ended_at, 0) LIMIT $3 FOR UPDATE SKIP LOCKED`,
      [states.filter(isEnded), endedBefore, limit],
    );
    await removeRuns(ask, channel, found);
    return found.map((run) => run.run_id);
  });
}

async function removeRuns(ask: Ask, channel: string, runs: readonly Doomed[]): Promise<void> {
  if (runs.length === 0) return;
  await ask(remove, [runs.map(({ id }) => id), channel]);
  const sessions = runs.map((run) => run.session_id).filter((id) => id !== null);
  if (sessions.length === 0) return;
  // A session is there for its runs. It is locked first, so that a run which is being made in it is seen by the next statement.
  await ask('SELECT 1 FROM sessions WHERE session_id = ANY($1) ORDER BY session_id FOR UPDATE', [sessions]);
  await ask(
    `DELETE FROM sessions s
     WHERE s.session_id = ANY($1) AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.session_id = s.session_id)`,
    [sessions],
  );
}
