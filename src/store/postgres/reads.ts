import type { RunEvent } from '../../core/events.ts';
import type { Journal, StoredCheckpoint, StoredSignal } from '../batch.ts';
import { UnknownRunError } from '../errors.ts';
import {
  type CheckpointRow,
  type EventRow,
  type JournalRows,
  type SignalRow,
  toCheckpoint,
  toEvents,
  toJournal,
  toSignal,
} from '../journal-rows.ts';
import { listQuery, toPage } from '../list-sql.ts';
import { type RunRow, toRun, type ValueRow } from '../run-row.ts';
import type { RunFilter, RunPage, StoredSession } from '../run-store.ts';
import { type Sealed, unseal } from '../sealed.ts';
import type { Ask, Database, Statement } from './database.ts';

/** The columns of a {@link RunRow}. */
export const runColumns = `id, run_id, request_id, workflow, version, definition_hash, created_at, started_at, ended_at,
  session_id, idempotency_key, input_hash, forked_run, forked_seq, state, reason, cost_usd, next_seq, commits, commit_sum,
  epoch, owner, lease_until`;

/** A run's row with its values, read in one statement so that they belong together. */
export interface FullRow extends RunRow {
  readonly values: readonly ValueRow[];
}

const fullColumns = `${runColumns}, coalesce((
    SELECT json_agg(json_build_object('name', v.name, 'body', v.body, 'sum', v.sum)) FROM run_values v WHERE v.run = runs.id
  ), '[]') AS values`;

/** The row of a run, by its id or its idempotency key. */
export async function findRun(
  ask: Ask,
  key: string,
  column: 'run_id' | 'idempotency_key' = 'run_id',
): Promise<FullRow | undefined> {
  const text = `SELECT ${fullColumns} FROM runs WHERE ${column} = $1`;
  const [row] = await ask<FullRow>({ name: `tutti by ${column}`, text }, [key]);
  return row;
}

/** A page of runs. */
export async function listRuns({ ask }: Database, filter: RunFilter): Promise<RunPage> {
  const { text, values, limit } = listQuery(filter, (number) => `$${number}`);
  const rows = await ask<FullRow>(`SELECT ${fullColumns} FROM runs ${text}`, values);
  return toPage(
    rows.map(({ values, ...row }) => toRun(row, values)),
    limit,
  );
}

const events: Statement = {
  name: 'tutti events',
  text: `SELECT seq, body, sum FROM events
    WHERE run = (SELECT id FROM runs WHERE run_id = $1) AND seq >= $2 ORDER BY seq LIMIT $3`,
};

/** Events of a run. */
export async function readEvents(
  { ask }: Database,
  runId: string,
  from: number,
  limit: number,
): Promise<RunEvent[]> {
  return toEvents(runId, from, await ask<EventRow>(events, [runId, from, limit]));
}

const signals: Statement = {
  name: 'tutti signals',
  text: `SELECT * FROM signals
    WHERE run = (SELECT id FROM runs WHERE run_id = $1) AND number >= $2 ORDER BY number`,
};

/** Signals of a run. */
export async function readSignals({ ask }: Database, runId: string, from: number): Promise<StoredSignal[]> {
  return (await ask<SignalRow>(signals, [runId, from])).map((row) => toSignal(runId, row));
}

/** All that was written of a run but its events, as it is at one time. */
export async function readJournal(db: Database, runId: string): Promise<Journal> {
  const rows = await db.transaction(async (ask): Promise<JournalRows> => {
    const [run] = await ask<{ id: number }>('SELECT id FROM runs WHERE run_id = $1', [runId]);
    if (!run) throw new UnknownRunError(runId);
    const of = <T>(sql: string): Promise<T[]> => ask(sql, [run.id]);
    return {
      entries: await of('SELECT body, sum FROM entries WHERE run = $1 ORDER BY epoch, number, position'),
      waits: await of('SELECT body, sum, closed_seq FROM waits WHERE run = $1 ORDER BY id'),
      signals: await of('SELECT * FROM signals WHERE run = $1 ORDER BY number'),
      checkpoints: await of('SELECT id, name, seq FROM checkpoints WHERE run = $1 ORDER BY place'),
      extras: await of('SELECT body, sum FROM extras WHERE run = $1 ORDER BY id'),
    };
  }, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  return toJournal(runId, rows);
}

/** A checkpoint of any run. */
export async function readCheckpoint(
  { ask }: Database,
  checkpointId: string,
): Promise<StoredCheckpoint | undefined> {
  const sql =
    'SELECT c.id, c.name, c.seq, r.run_id FROM checkpoints c JOIN runs r ON r.id = c.run WHERE c.id = $1';
  const [row] = await ask<CheckpointRow & { readonly run_id: string }>(sql, [checkpointId]);
  return row && toCheckpoint(row.run_id, row);
}

/** A session and its context. */
export async function readSession({ ask }: Database, sessionId: string): Promise<StoredSession | undefined> {
  const sql = 'SELECT body, sum FROM sessions WHERE session_id = $1';
  const [row] = await ask<Sealed | { readonly body: null }>(sql, [sessionId]);
  if (!row) return undefined;
  if (row.body === null) return { sessionId };
  return { sessionId, context: unseal(`the context of session ${sessionId}`, row) };
}
