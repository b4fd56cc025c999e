import type { NewSignal, StoredSignal } from '../batch.ts';
import { RunEndedError, StoreConflictError, UnknownRunError } from '../errors.ts';
import { isEnded } from '../stored-run.ts';
import type { Database } from './database.ts';
import { signalById, toSignal } from './reads.ts';
import { rowOf, sumOf } from './rows.ts';

/** Keeps a signal, in a transaction, or finds the one that it is. */
export function keepSignal(
  db: Database,
  runId: string,
  { id, channel, name }: NewSignal,
  body: string,
  now: number,
): StoredSignal {
  const row = rowOf(db, runId);
  if (!row) throw new UnknownRunError(runId);
  const known = signalById(db, row.id, id);
  if (known) {
    if (known.channel === channel && known.name === name && known.body === body)
      return toSignal(runId, known);
    throw new StoreConflictError(runId, `signal ${id} came in with another content`);
  }
  if (isEnded(row.state)) throw new RunEndedError(runId, row.state);
  db.sql(
    `INSERT INTO signals (run, number, id, channel, name, received_at, received_seq, body, sum)
     VALUES (?1, (SELECT count(*) FROM signals WHERE run = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8)`,
  ).run(row.id, id, channel, name, now, row.next_seq - 1, body, sumOf(body));
  return toSignal(runId, signalById(db, row.id, id)!);
}
