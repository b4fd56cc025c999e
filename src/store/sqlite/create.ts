import { checkFollows } from '../admit-commit.ts';
import { isBare, knownRun, type PackedRun, packedContext, sealedValues } from '../packed-run.ts';
import { leaseOf, type RunRow, toRun } from '../run-row.ts';
import type { CreatedRun } from '../run-store.ts';
import { sumOf } from '../sealed.ts';
import type { Database } from './database.ts';
import { toRows } from './event-rows.ts';
import { rowOf, selectRuns, toStoredRun } from './rows.ts';
import { isConstraint } from './sqlite-error.ts';
import { updateRun, writeBatch, writeEvents, writeValues } from './write-batch.ts';

/** Keeps a new run, in a transaction, or finds the one that it is. */
export function createRun(db: Database, packed: PackedRun, now: number): CreatedRun {
  const { run } = packed;
  const row = insertRow(db, packed, now);
  if (row === undefined) return findRun(db, packed);
  checkFollows(run.runId, 0, packed.seed.events);
  writeSeed(db, packed, row);
  db.know(run.runId, { id: row.id, epoch: row.epoch, number: 0, nextSeq: packed.seed.events.length });
  const lease = leaseOf(row);
  const stored = isBare(packed) ? toRun(row, sealedValues(packed)) : toStoredRun(db, rowOf(db, run.runId)!);
  return { run: stored, created: true, ...(lease && { lease }) };
}

const insert = `
INSERT INTO runs (run_id, request_id, workflow, version, definition_hash, created_at, session_id, idempotency_key,
  input_hash, forked_run, forked_seq, owner, lease_until, epoch, state, cost_usd, quiet_number, quiet_sum)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0, 0, 0)`;

/** Nothing, when there is one with its id or its key. */
function insertRow(db: Database, packed: PackedRun, now: number): RunRow | undefined {
  const row = newRow(packed, now);
  try {
    const { lastInsertRowid } = db
      .sql(insert)
      .run(
        ...[row.run_id, row.request_id, row.workflow, row.version, row.definition_hash, row.created_at],
        ...[row.session_id, row.idempotency_key, row.input_hash, row.forked_run, row.forked_seq],
        ...[row.owner, row.lease_until, row.epoch],
      );
    return { ...row, id: Number(lastInsertRowid) };
  } catch (error) {
    if (isConstraint(error)) return undefined;
    throw error;
  }
}

function newRow({ run, inputHash }: PackedRun, now: number): RunRow {
  const { lease, forkedFrom } = run;
  return {
    id: 0,
    run_id: run.runId,
    request_id: run.requestId,
    workflow: run.workflow,
    version: run.version,
    definition_hash: run.definitionHash ?? null,
    created_at: run.createdAt,
    started_at: null,
    ended_at: null,
    session_id: run.sessionId ?? null,
    idempotency_key: run.idempotencyKey ?? null,
    input_hash: inputHash,
    forked_run: forkedFrom?.runId ?? null,
    forked_seq: forkedFrom?.seq ?? null,
    state: 'pending',
    reason: null,
    cost_usd: 0,
    next_seq: 0,
    commits: 0,
    commit_sum: 0,
    epoch: lease === undefined ? 0 : 1,
    owner: lease?.owner ?? null,
    lease_until: lease === undefined ? null : now + lease.ms,
  };
}

function findRun(db: Database, packed: PackedRun): CreatedRun {
  const { idempotencyKey: key, runId } = packed.run;
  const { row, ...facts } = knownRun(packed, byKey(db, key), rowOf(db, runId))!;
  return { run: toStoredRun(db, row), ...facts };
}

const selectByKey = `${selectRuns} WHERE idempotency_key = ?`;

function byKey(db: Database, key: string | undefined): RunRow | undefined {
  if (key === undefined) return undefined;
  return db.sql(selectByKey).get(key) as RunRow | undefined;
}

/** Writes what belongs to a run from the first. */
function writeSeed(db: Database, packed: PackedRun, { id }: RunRow): void {
  const { run, values, seed } = packed;
  writeValues(db, id, values);
  if (!isBare(packed)) {
    const target = { id, runId: run.runId, epoch: 0 };
    for (const row of toRows(seed.events)) writeEvents(db, target, { batch: seed, sum: 0 }, row);
    writeBatch(db, target, seed);
    updateRun(db, target, seed, 0);
  }
  if (run.sessionId === undefined) return;
  const context = packedContext(packed);
  db.sql('INSERT INTO sessions VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(
    ...[run.sessionId, context ?? null, context === undefined ? null : sumOf(context)],
  );
}
