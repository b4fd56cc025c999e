import { StoreConflictError } from '../errors.ts';
import type { PackedBatch } from '../packed.ts';
import { sumOf } from '../sealed.ts';
import { columns } from './apply.ts';
import type { Ask } from './database.ts';
import { checkKeys } from './keys.ts';

/** A run that is written to, whose row is locked. */
export interface Target {
  readonly id: number;
  readonly runId: string;
  readonly sessionId: string | null;
}

/** A batch holds nothing but what many runs' commits can write together. */
export function isPlain(batch: PackedBatch): boolean {
  const { opens, closes, consumes, checkpoints, extras, session } = batch;
  const rest = [opens, closes, consumes, checkpoints, extras];
  return session === undefined && rest.every(({ length }) => length === 0);
}

/**
 * Writes what a batch holds beside events, entries, values and the run's row: waits, signals used, checkpoints, extras, the session.
 *
 * Errors: `StoreConflictError` for waits and signals that are not there.
 */
export async function writeRest(ask: Ask, target: Target, batch: PackedBatch): Promise<void> {
  await closeWaits(ask, target, batch.closes);
  await openWaits(ask, target, batch.opens);
  await useSignals(ask, target, batch.consumes);
  await keepNames(ask, target, batch);
  if (batch.session !== undefined && target.sessionId !== null)
    await ask('UPDATE sessions SET body = $1, sum = $2 WHERE session_id = $3', [
      ...[batch.session, sumOf(batch.session), target.sessionId],
    ]);
}

async function closeWaits(ask: Ask, { id, runId }: Target, closes: PackedBatch['closes']): Promise<void> {
  for (const { path, seq } of closes) {
    const closed = await ask(
      `UPDATE waits SET closed_seq = $1 WHERE run = $2 AND path = sha256(convert_to($3, 'UTF8')) AND closed_seq IS NULL
       RETURNING id`,
      [seq, id, path],
    );
    if (closed.length === 0) throw new StoreConflictError(runId, `no wait is open at ${path}`);
  }
}

async function openWaits(ask: Ask, { id }: Target, opens: PackedBatch['opens']): Promise<void> {
  if (opens.length === 0) return;
  await ask(
    `INSERT INTO waits (run, path, name, due_at, body, sum)
     SELECT $1, sha256(convert_to(w.path, 'UTF8')), w.name, w.due_at, w.body, w.sum
     FROM unnest($2::text[], $3::text[], $4::float8[], $5::text[], $6::bigint[]) WITH ORDINALITY
       AS w (path, name, due_at, body, sum, ord) ORDER BY ord`,
    [
      id,
      ...columns(
        opens.map(({ path, name, dueAt, body }) => [path, name, dueAt, body, sumOf(body)]),
        5,
      ),
    ],
  );
}

async function useSignals(ask: Ask, { id, runId }: Target, consumes: PackedBatch['consumes']): Promise<void> {
  for (const { number, seq } of consumes) {
    const used = await ask(
      'UPDATE signals SET consumed_seq = $1 WHERE run = $2 AND number = $3 AND consumed_seq IS NULL RETURNING id',
      [seq, id, number],
    );
    if (used.length === 0) throw new StoreConflictError(runId, `signal ${number} is not there to be used`);
  }
}

async function keepNames(ask: Ask, { id }: Target, { checkpoints, extras }: PackedBatch): Promise<void> {
  for (const checkpoint of checkpoints) {
    checkKeys({ 'the id of the checkpoint': checkpoint.id });
    await ask('INSERT INTO checkpoints (id, run, name, seq) VALUES ($1, $2, $3, $4)', [
      ...[checkpoint.id, id, checkpoint.name ?? null, checkpoint.seq],
    ]);
  }
  for (const { body } of extras)
    await ask('INSERT INTO extras (run, body, sum) VALUES ($1, $2, $3)', [id, body, sumOf(body)]);
}
