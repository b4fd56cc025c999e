import type { RunEvent } from '../../core/events.ts';
import type { Journal, JournalEntry, OpenedWait, ResumeExtra, StoredSignal } from '../batch.ts';
import { StoreCorruptError, UnknownRunError } from '../errors.ts';
import { checkLimit, cursorAfter, readCursor } from '../page.ts';
import type { RunFilter, RunPage } from '../run-store.ts';
import type { Database } from './database.ts';
import type { Cell } from './driver.ts';
import { type RunRow, rowOf, type Sealed, toStoredRun, unseal } from './rows.ts';

/** A page of runs. */
export function listRuns(db: Database, filter: RunFilter): RunPage {
  const limit = checkLimit(filter.limit ?? 50, 1000);
  const conditions: string[] = ['1'];
  const values: Cell[] = [];
  const where = (condition: string, ...given: readonly (Cell | undefined)[]): void => {
    if (given.includes(undefined)) return;
    conditions.push(condition);
    values.push(...(given as Cell[]));
  };
  where('workflow = ?', filter.workflow);
  where('session_id = ?', filter.sessionId);
  where('forked_run = ?', filter.forkedFrom);
  if (filter.states) where(`state IN (${filter.states.map(() => '?').join()})`, ...filter.states);
  const after = filter.after === undefined ? undefined : readCursor(filter.after);
  where('(created_at, run_id) < (?, ?)', after?.createdAt, after?.runId);
  const rows = db
    .sql(`SELECT * FROM runs WHERE ${conditions.join(' AND ')} ORDER BY created_at DESC, run_id DESC LIMIT ?`)
    .all(...values, limit + 1) as RunRow[];
  const runs = rows.slice(0, limit).map((row) => toStoredRun(db, row));
  const last = rows.length > limit ? runs.at(-1) : undefined;
  return { runs, ...(last && { next: cursorAfter(last) }) };
}

/** Events of a run, each checked to be the one that belongs there. */
export function readEvents(db: Database, runId: string, from: number, limit: number): RunEvent[] {
  const rows = db
    .sql(
      `SELECT seq, body, sum FROM events
       WHERE run = (SELECT id FROM runs WHERE run_id = ?) AND seq >= ? ORDER BY seq LIMIT ?`,
    )
    .all(runId, from, limit) as (Sealed & { readonly seq: number })[];
  return rows.map((row, index) => {
    if (row.seq !== from + index) throw new StoreCorruptError(`event ${from + index} of ${runId} is missing`);
    return unseal<RunEvent>(`event ${row.seq} of ${runId}`, row);
  });
}

interface WaitRow extends Sealed {
  readonly closed_seq: number | null;
}

export interface SignalRow extends Sealed {
  readonly number: number;
  readonly id: string;
  readonly channel: StoredSignal['channel'];
  readonly name: string;
  readonly received_at: number;
  readonly received_seq: number;
  readonly consumed_seq: number | null;
}

interface CheckpointRow {
  readonly id: string;
  readonly name: string | null;
  readonly seq: number;
}

/** All that was written of a run but its events. */
export function readJournal(db: Database, runId: string): Journal {
  const row = rowOf(db, runId);
  if (!row) throw new UnknownRunError(runId);
  const rows = <T>(sql: string): T[] => db.sql(sql).all(row.id) as T[];
  const what = (thing: string): string => `${thing} of ${runId}`;
  return {
    entries: rows<Sealed>('SELECT body, sum FROM entries WHERE run = ? ORDER BY epoch, number, position').map(
      (entry) => unseal<JournalEntry>(what('a journal entry'), entry),
    ),
    waits: rows<WaitRow>('SELECT body, sum, closed_seq FROM waits WHERE run = ? ORDER BY id').map((wait) => ({
      ...unseal<OpenedWait>(what('a wait'), wait),
      ...(wait.closed_seq !== null && { closedSeq: wait.closed_seq }),
    })),
    signals: rows<SignalRow>('SELECT * FROM signals WHERE run = ? ORDER BY number').map((signal) =>
      toSignal(runId, signal),
    ),
    checkpoints: rows<CheckpointRow>('SELECT * FROM checkpoints WHERE run = ? ORDER BY rowid').map(
      ({ id, name, seq }) => ({ id, seq, runId, ...(name !== null && { name }) }),
    ),
    extras: rows<Sealed>('SELECT body, sum FROM extras WHERE run = ? ORDER BY id').map((extra) =>
      unseal<ResumeExtra>(what('what was given on resuming'), extra),
    ),
  };
}

/** A signal, from its row. */
export function toSignal(runId: string, row: SignalRow): StoredSignal {
  return {
    id: row.id,
    channel: row.channel,
    name: row.name,
    payload: unseal(`signal ${row.number} of ${runId}`, row),
    number: row.number,
    receivedAt: row.received_at,
    receivedSeq: row.received_seq,
    ...(row.consumed_seq !== null && { consumedSeq: row.consumed_seq }),
  };
}

/** A signal with a known id. */
export function signalById(db: Database, run: number, id: string): SignalRow | undefined {
  return db.sql('SELECT * FROM signals WHERE run = ? AND id = ?').get(run, id) as SignalRow | undefined;
}
