import { IdempotencyConflictError, RunExistsError } from '../errors.ts';
import type { PackedBatch, PackedPatch } from '../packed.ts';
import type { CreatedRun } from '../run-store.ts';
import type { Lease, NewRun } from '../stored-run.ts';
import type { Database } from './database.ts';
import { type RunRow, rowOf, sumOf, toStoredRun } from './rows.ts';
import { writeBatch, writeFacts, writeValues } from './write-batch.ts';

/** A run to keep, written down. */
export interface PackedRun {
  readonly run: NewRun;
  readonly inputHash: string;
  readonly values: PackedPatch['values'];
  readonly seed: PackedBatch;
}

/** Keeps a new run, in a transaction, or finds the one that it is. */
export function createRun(db: Database, packed: PackedRun, now: number): CreatedRun {
  const { run, values, seed } = packed;
  const known = knownRun(db, packed);
  if (known) return known;
  insertRow(db, packed, now);
  const { id } = rowOf(db, run.runId)!;
  writeValues(db, id, values);
  const target = { id, runId: run.runId, nextSeq: 0, epoch: 0 };
  writeBatch(db, target, seed);
  writeFacts(db, target, seed, 0);
  if (run.sessionId !== undefined) {
    const context = values.find(([name]) => name === 'context')?.[1];
    db.sql('INSERT INTO sessions VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(
      ...[run.sessionId, context ?? null, context === undefined ? null : sumOf(context)],
    );
  }
  const row = rowOf(db, run.runId)!;
  const lease = leaseOf(row);
  return { run: toStoredRun(db, row), created: true, ...(lease && { lease }) };
}

function insertRow(db: Database, { run, inputHash }: PackedRun, now: number): void {
  db.sql(
    `INSERT INTO runs (run_id, request_id, workflow, version, definition_hash, created_at, session_id,
       idempotency_key, input_hash, forked_run, forked_seq, owner, lease_until, epoch,
       state, cost_usd, next_seq, commits, commit_sum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0, 0, 0, 0)`,
  ).run(
    ...[run.runId, run.requestId, run.workflow, run.version, run.definitionHash ?? null, run.createdAt],
    ...[run.sessionId ?? null, run.idempotencyKey ?? null, inputHash],
    ...[run.forkedFrom?.runId ?? null, run.forkedFrom?.seq ?? null],
    ...(run.lease ? [run.lease.owner, now + run.lease.ms, 1] : [null, null, 0]),
  );
}

function knownRun(db: Database, { run, inputHash }: PackedRun): CreatedRun | undefined {
  const { idempotencyKey: key, runId } = run;
  const keyed = key === undefined ? undefined : byKey(db, key);
  if (keyed && keyed.input_hash !== inputHash) throw new IdempotencyConflictError(key!, keyed.run_id);
  const known = keyed ?? rowOf(db, runId);
  if (!known) return undefined;
  const created = known.request_id === run.requestId;
  if (!keyed && !created) throw new RunExistsError(runId);
  const lease = leaseOf(known);
  const mine = created && lease !== undefined && lease.owner === run.lease?.owner;
  return { run: toStoredRun(db, known), created, ...(mine && { lease }) };
}

function byKey(db: Database, key: string): RunRow | undefined {
  return db.sql('SELECT * FROM runs WHERE idempotency_key = ?').get(key) as RunRow | undefined;
}

function leaseOf({ run_id, owner, epoch, lease_until }: RunRow): Lease | undefined {
  if (owner === null || lease_until === null) return undefined;
  return { runId: run_id, owner, epoch, until: lease_until };
}
