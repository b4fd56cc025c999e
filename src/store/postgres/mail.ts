import type { NewSignal, StoredSignal } from '../batch.ts';
import { RunEndedError, UnknownRunError } from '../errors.ts';
import { type SignalRow, sameSignal } from '../journal-rows.ts';
import { sumOf } from '../sealed.ts';
import { isEnded, type StoredRunState } from '../stored-run.ts';
import type { Database } from './database.ts';
import { checkKeys } from './keys.ts';
import { nowSql } from './time.ts';

const insert = `
INSERT INTO signals (run, number, id, channel, name, received_at, received_seq, body, sum)
VALUES ($1, (SELECT count(*) FROM signals WHERE run = $1), $2, $3, $4, ${nowSql('$5')}, $6, $7, $8) RETURNING *`;

/** Keeps a signal, or finds the one that it is. */
export async function keepSignal(
  db: Database,
  channel: string,
  runId: string,
  signal: NewSignal,
  body: string,
  now: number | null,
): Promise<StoredSignal> {
  checkKeys({ 'the id of the signal': signal.id });
  const row = await db.transaction(async (ask) => {
    const [run] = await ask<{ id: number; state: StoredRunState; next_seq: number }>(
      'SELECT id, state, next_seq FROM runs WHERE run_id = $1 FOR UPDATE',
      [runId],
    );
    if (!run) throw new UnknownRunError(runId);
    const find = 'SELECT * FROM signals WHERE run = $1 AND id = $2';
    const [known] = await ask<SignalRow>(find, [run.id, signal.id]);
    if (known) return known;
    if (isEnded(run.state)) throw new RunEndedError(runId, run.state);
    const [made] = await ask<SignalRow>(insert, [
      ...[run.id, signal.id, signal.channel, signal.name, now, run.next_seq - 1, body, sumOf(body)],
    ]);
    await ask('SELECT pg_notify($1, $2)', [channel, runId]);
    return made!;
  });
  return sameSignal(runId, row, signal, body);
}
