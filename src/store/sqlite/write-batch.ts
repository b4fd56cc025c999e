import type { GivenCommit } from '../admit-commit.ts';
import { StoreConflictError } from '../errors.ts';
import type { PackedBatch, PackedPatch } from '../packed.ts';
import { sumOf } from '../sealed.ts';
import { endedStates } from '../stored-run.ts';
import type { Database } from './database.ts';
import type { Cell } from './driver.ts';
import { isConstraint } from './sqlite-error.ts';

/** A run that is written to. */
export interface Target {
  readonly id: number;
  readonly runId: string;
  readonly nextSeq: number;
  /** The lease that writes; 0 for what a run has from the first. */
  readonly epoch: number;
}

/**
 * Writes what a batch holds, but for the run's own row. It is called in a transaction, which its errors undo.
 *
 * Errors: `StoreConflictError` for what is there already or is not there.
 */
export function writeBatch(db: Database, target: Target, batch: PackedBatch): void {
  try {
    writeEvents(db, target, batch.events);
    writeJournal(db, target, batch);
    writeValues(db, target.id, batch.patch.values);
  } catch (error) {
    if (!isConstraint(error)) throw error;
    throw new StoreConflictError(target.runId, 'something that the commit writes is there already', {
      cause: error,
    });
  }
}

function writeEvents(db: Database, { id }: Target, events: PackedBatch['events']): void {
  const insert = db.sql('INSERT INTO events (run, seq, body, sum) VALUES (?, ?, ?, ?)');
  for (const { seq, body } of events) insert.run(id, seq, body, sumOf(body));
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

/** Values that a run has once: the latest is the one. */
export function writeValues(db: Database, id: number, values: PackedPatch['values']): void {
  const insert = 'INSERT INTO run_values (run, name, body, sum) VALUES (?, ?, ?, ?)';
  const upsert = `${insert} ON CONFLICT DO UPDATE SET body = excluded.body, sum = excluded.sum`;
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
 * Writes what a batch says of the run's own row. Only the columns that it names are set: those that stand in an index cost more,
 * and most commits leave them as they are.
 */
export function writeFacts(
  db: Database,
  { id, nextSeq }: Target,
  { number, events, patch }: PackedBatch,
  sum: number,
): void {
  const { sets, cells } = setsOf(patch);
  const values = [nextSeq + events.length, number, sum, ...cells, id];
  db.sql(`UPDATE runs SET next_seq = ?, commits = ?, commit_sum = ?${sets} WHERE id = ?`).run(...values);
}

const ended = endedStates.map((state) => `'${state}'`).join(', ');
const advance = 'UPDATE runs SET next_seq = ?, commits = ?, commit_sum = ?';
const admitted = `WHERE id = ? AND run_id = ? AND epoch = ? AND commits = ? AND next_seq = ?
  AND owner IS NOT NULL AND state NOT IN (${ended})`;
const advancePlainly = `${advance} ${admitted}`;

/**
 * Does what `writeFacts` does to a run that takes this commit as it stands, and says whether it did: reading its row before and looking at
 * it costs half as much again. Nothing is changed where there is more to say of it, be it that the commit is refused.
 *
 * `RETURNING id` would spare knowing the id, but makes a table for what it returns, which takes ten times as long.
 */
export function advanceRun(
  db: Database,
  { id, runId, nextSeq, epoch }: Target,
  { batch, sum }: GivenCommit,
): boolean {
  const { number, events, patch } = batch;
  const { sets, cells } = setsOf(patch);
  const sql = sets === '' ? advancePlainly : `${advance}${sets} ${admitted}`;
  const counts = [nextSeq + events.length, number, sum];
  const { changes } = db.sql(sql).run(...counts, ...cells, ...[id, runId, epoch, number - 1, nextSeq]);
  return Number(changes) > 0;
}

/** What is set beside the counts. */
function setsOf({ facts }: PackedPatch): { readonly sets: string; readonly cells: readonly Cell[] } {
  let sets = '';
  const cells: Cell[] = [];
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined) continue;
    sets += `, ${columns[name as keyof typeof columns]} = ?`;
    cells.push(value);
  }
  return { sets, cells };
}

function mustChange({ changes }: { readonly changes: number | bigint }, error: Error): void {
  if (Number(changes) === 0) throw error;
}
