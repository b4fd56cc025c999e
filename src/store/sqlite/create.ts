import { checkFollows } from '../admit-commit.ts';
import { knownRun, type PackedRun, packedContext } from '../packed-run.ts';
import { leaseOf, type RunRow } from '../run-row.ts';
import type { CreatedRun } from '../run-store.ts';
import { sumOf } from '../sealed.ts';
import type { Database } from './database.ts';
import { rowOf, toStoredRun } from './rows.ts';
import { writeBatch, writeFacts, writeValues } from './write-batch.ts';

/** Keeps a new run, in a transaction, or finds the one that it is. */
export function createRun(db: Database, packed: PackedRun, now: number): CreatedRun {
  const { run, values, seed } = packed;
  const known = knownRun(packed, byKey(db, run.idempotencyKey), rowOf(db, run.runId));
  if (known) {
    const { row, ...facts } = known;
    return { run: toStoredRun(db, row), ...facts };
  }
  checkFollows(run.runId, 0, seed.events);
  insertRow(db, packed, now);
  const { id } = rowOf(db, run.runId)!;
  writeValues(db, id, values);
  const target = { id, runId: run.runId, nextSeq: 0, epoch: 0 };
  writeBatch(db, target, seed);
  writeFacts(db, target, seed, 0);
  if (run.sessionId !== undefined) {
    const context = packedContext(packed);
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

function byKey(db: Database, key: string | undefined): RunRow | undefined {
  if (key === undefined) return undefined;
  return db.sql('SELECT * FROM runs WHERE idempotency_key = ?').get(key) as RunRow | undefined;
}
