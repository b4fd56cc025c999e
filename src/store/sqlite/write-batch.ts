import { type GivenCommit, releases } from '../admit-commit.ts';
import { StoreConflictError } from '../errors.ts';
import type { PackedBatch, PackedPatch } from '../packed.ts';
import { sumOf } from '../sealed.ts';
import type { Database } from './database.ts';
import type { Cell } from './driver.ts';
import type { EventsRow } from './event-rows.ts';
import { isConstraint } from './sqlite-error.ts';

/** A run that is written to. */
export interface Target {
  readonly id: number;
  readonly runId: string;
  /** The lease that writes; 0 for what a run has from the first. */
  readonly epoch: number;
}

/** Writes events of a commit. Errors: SQLite's, where some of them are there already. */
export function writeEvents(
  db: Database,
  { id, epoch }: Target,
  { batch, sum }: Pick<GivenCommit, 'batch' | 'sum'>,
  row: EventsRow,
): void {
  db.sql(
    `INSERT INTO events (id, epoch, number, commit_sum, count, sum, body)
     VALUES ((? << 32) + ?, ?, ?, ?, ?, ?, ?)`,
  ).run(id, row.seq, epoch, batch.number, sum, row.count, row.sum, row.body);
}

/**
 * Writes what a batch holds beside events and what stands in the run's own row. It is called in a transaction, which its errors
 * undo.
 *
 * Errors: `StoreConflictError` for what is there already or is not there.
 */
export function writeBatch(db: Database, target: Target, batch: PackedBatch): void {
  try {
    writeJournal(db, target, batch);
    writeValues(db, target.id, batch.patch.values);
  } catch (error) {
    if (!isConstraint(error)) throw error;
    throw new StoreConflictError(target.runId, 'something that the commit writes is there already', {
      cause: error,
    });
  }
}

function writeJournal(db: Database, { id, runId, epoch }: Target, batch: PackedBatch): void {
  for (const [position, { path, key, body }] of batch.entries.entries())
    db.sql(
      'INSERT INTO entries (run, path, key, epoch, number, position, body, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ).run(...[id, path, key, epoch, batch.number, position, body, sumOf(body)]);
  for (const { path, seq } of batch.closes)
    mustChange(
      db
        .sql('UPDATE waits SET closed_seq = ? WHERE run = ? AND path = ? AND closed_seq IS NULL')
        .run(seq, id, path),
      new StoreConflictError(runId, `no wait is open at ${path}`),
    );
  for (const { path, name, dueAt, body } of batch.opens)
    db.sql('INSERT INTO waits (run, path, name, due_at, body, sum) VALUES (?, ?, ?, ?, ?, ?)').run(
      ...[id, path, name, dueAt, body, sumOf(body)],
    );
  for (const { number, seq } of batch.consumes)
    mustChange(
      db
        .sql('UPDATE signals SET consumed_seq = ? WHERE run = ? AND number = ? AND consumed_seq IS NULL')
        .run(seq, id, number),
      new StoreConflictError(runId, `signal ${number} is not there to be used`),
    );
  for (const checkpoint of batch.checkpoints)
    db.sql('INSERT INTO checkpoints (id, run, name, seq) VALUES (?, ?, ?, ?)').run(
      ...[checkpoint.id, id, checkpoint.name ?? null, checkpoint.seq],
    );
  for (const { body } of batch.extras)
    db.sql('INSERT INTO extras (run, body, sum) VALUES (?, ?, ?)').run(id, body, sumOf(body));
}

const upsert = `
INSERT INTO run_values (run, name, body, sum) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET body = excluded.body, sum = excluded.sum`;

/** Values that a run has once: the latest is the one. */
export function writeValues(db: Database, id: number, values: PackedPatch['values']): void {
  for (const [name, body] of values) db.sql(upsert).run(id, name, body, sumOf(body));
}

const columns = {
  state: 'state',
  startedAt: 'started_at',
  endedAt: 'ended_at',
  reason: 'reason',
  version: 'version',
  definitionHash: 'definition_hash',
  costUsd: 'cost_usd',
} as const;

/**
 * Writes what a batch says of the run's own row: nothing, for most. Only the columns that it names are set, as those that stand in an
 * index cost more.
 */
export function updateRun(db: Database, { id }: Target, batch: PackedBatch, sum: number): void {
  const sets: string[] = [];
  const cells: Cell[] = [];
  const { facts } = batch.patch;
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined) continue;
    sets.push(`${columns[name as keyof typeof columns]} = ?`);
    cells.push(value);
  }
  if (batch.events.length === 0 && batch.number > 0) {
    sets.push('quiet_number = ?', 'quiet_sum = ?');
    cells.push(batch.number, sum);
  }
  if (releases(batch)) sets.push('owner = NULL', 'lease_until = NULL');
  if (sets.length > 0) db.sql(`UPDATE runs SET ${sets.join()} WHERE id = ?`).run(...cells, id);
}

function mustChange({ changes }: { readonly changes: number | bigint }, error: Error): void {
  if (Number(changes) === 0) throw error;
}
