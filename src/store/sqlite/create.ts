import { checkFollows } from '../admit-commit.ts';
import { knownRun, type PackedRun, packedContext } from '../packed-run.ts';
import { leaseOf, type RunRow } from '../run-row.ts';
import type { CreatedRun } from '../run-store.ts';
import { sumOf } from '../sealed.ts';
import type { Database } from './database.ts';
import { toRows } from './event-rows.ts';
import { rowOf, selectRuns, toStoredRun } from './rows.ts';
import { updateRun, writeBatch, writeEvents, writeValues } from './write-batch.ts';

/** Keeps a new run, in a transaction, or finds the one that it is. */
export function createRun(db: Database, packed: PackedRun, now: number): CreatedRun {
  const { run, values, seed } = packed;
  const known = knownRun(packed, byKey(db, run.idempotencyKey), rowOf(db, run.runId));
  if (known) {
    const { row, ...facts } = known;
    return { run: toStoredRun(db, row), ...facts };
  }
  checkFollows(run.runId, 0, seed.events);
  const id = insertRow(db, packed, now);
  writeValues(db, id, values);
  const target = { id, runId: run.runId, epoch: 0 };
  for (const row of toRows(seed.events)) writeEvents(db, target, { batch: seed, sum: 0 }, row);
  writeBatch(db, target, seed);
  updateRun(db, target, seed, 0);
  if (run.sessionId !== undefined) {
    const context = packedContext(packed);
    db.sql('INSERT INTO sessions VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(
      ...[run.sessionId, context ?? null, context === undefined ? null : sumOf(context)],
    );
  }
  const row = rowOf(db, run.runId)!;
  const lease = leaseOf(row);
  db.know(run.runId, { id, epoch: row.epoch, number: 0, nextSeq: row.next_seq });
  return { run: toStoredRun(db, row), created: true, ...(lease && { lease }) };
}

/** Gives its key. */
function insertRow(db: Database, { run, inputHash }: PackedRun, now: number): number {
  const { lastInsertRowid } = db
    .sql(
      `INSERT INTO runs (run_id, request_id, workflow, version, definition_hash, created_at, session_id,
       idempotency_key, input_hash, forked_run, forked_seq, owner, lease_until, epoch,
       state, cost_usd, quiet_number, quiet_sum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0, 0, 0)`,
    )
    .run(
      ...[run.runId, run.requestId, run.workflow, run.version, run.definitionHash ?? null, run.createdAt],
      ...[run.sessionId ?? null, run.idempotencyKey ?? null, inputHash],
      ...[run.forkedFrom?.runId ?? null, run.forkedFrom?.seq ?? null],
      ...(run.lease ? [run.lease.owner, now + run.lease.ms, 1] : [null, null, 0]),
    );
  return Number(lastInsertRowid);
}

function byKey(db: Database, key: string | undefined): RunRow | undefined {
  if (key === undefined) return undefined;
  return db.sql(`${selectRuns} WHERE idempotency_key = ?`).get(key) as RunRow | undefined;
}
