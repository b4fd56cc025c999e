import type { NewSignal, StoredSignal } from '../batch.ts';
import { RunEndedError, UnknownRunError } from '../errors.ts';
import { type SignalRow, sameSignal, toSignal } from '../journal-rows.ts';
import { sumOf } from '../sealed.ts';
import { isEnded } from '../stored-run.ts';
import type { Database } from './database.ts';
import { rowOf } from './rows.ts';

/** Keeps a signal, in a transaction, or finds the one that it is. */
export function keepSignal(
  db: Database,
  runId: string,
  signal: NewSignal,
  body: string,
  now: number,
): StoredSignal {
  const { id, channel, name } = signal;
  const row = rowOf(db, runId);
  if (!row) throw new UnknownRunError(runId);
  const known = signalById(db, row.id, id);
  if (known) return sameSignal(runId, known, signal, body);
  if (isEnded(row.state)) throw new RunEndedError(runId, row.state);
  db.sql(
    `INSERT INTO signals (run, number, id, channel, name, received_at, received_seq, body, sum)
     VALUES (?1, (SELECT count(*) FROM signals WHERE run = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8)`,
  ).run(row.id, id, channel, name, now, row.next_seq - 1, body, sumOf(body));
  return toSignal(runId, signalById(db, row.id, id)!);
}

function signalById(db: Database, run: number, id: string): SignalRow | undefined {
  return db.sql('SELECT * FROM signals WHERE run = ? AND id = ?').get(run, id) as SignalRow | undefined;
}
