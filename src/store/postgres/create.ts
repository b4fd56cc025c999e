import { checkFollows } from '../admit-commit.ts';
import { StoreError } from '../errors.ts';
import { isBare, knownRun, type PackedRun, packedContext, sealedValues } from '../packed-run.ts';
import { leaseOf, type RunRow, toRun, type ValueRow } from '../run-row.ts';
import type { CreatedRun } from '../run-store.ts';
import { sumOf } from '../sealed.ts';
import { applyCommits, columns } from './apply.ts';
import type { Ask, Database, Statement } from './database.ts';
import { checkKeys } from './keys.ts';
import { asConflict } from './postgres-error.ts';
import { type FullRow, findRun, runColumns } from './reads.ts';
import { nowSql } from './time.ts';
import { writeRest } from './write-rest.ts';

/** Nothing is written, and nothing given, for a run whose id or idempotency key is there. The session is held until the end. */
const insert: Statement = {
  name: 'tutti create',
  text: `
WITH made AS (
  INSERT INTO runs (run_id, request_id, workflow, version, definition_hash, created_at, session_id, idempotency_key,
    input_hash, forked_run, forked_seq, owner, lease_until, epoch, state, cost_usd, next_seq, commits, commit_sum)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text, ${nowSql('$14')} + $13::float8,
    CASE WHEN $12::text IS NULL THEN 0 ELSE 1 END, 'pending', 0, 0, 0, 0)
  ON CONFLICT DO NOTHING RETURNING *
), new_values AS (
  INSERT INTO run_values (run, name, body, sum)
  SELECT made.id, v.name, v.body, v.sum FROM made, unnest($15::text[], $16::text[], $17::bigint[]) AS v (name, body, sum)
), new_session AS (
  INSERT INTO sessions (session_id, body, sum)
  SELECT session_id, $18::text, $19::bigint FROM made WHERE session_id IS NOT NULL
  ON CONFLICT (session_id) DO UPDATE SET session_id = excluded.session_id
)
SELECT ${runColumns}, pg_notify($20, run_id) FROM made`,
};

/** Keeps a new run, or finds the one that it is. */
export async function createRun(
  db: Database,
  channel: string,
  packed: PackedRun,
  now: number | null,
): Promise<CreatedRun> {
  const { run, seed } = packed;
  const { runId, idempotencyKey, sessionId, forkedFrom } = run;
  checkKeys({
    'the id of the run': runId,
    'the idempotency key': idempotencyKey,
    'the id of the session': sessionId,
    'the id of the run that it was copied from': forkedFrom?.runId,
  });
  checkFollows(runId, 0, seed.events);
  // A run that is in the way may be deleted before it can be read.
  for (let attempt = 1; attempt <= 5; attempt++) {
    const made = await make(db, channel, packed, now);
    if (made) return made;
    const known = await find(db.ask, packed);
    if (known) return known;
  }
  throw new StoreError('busy', `others make and delete run ${runId} all the time`);
}

async function make(
  db: Database,
  channel: string,
  packed: PackedRun,
  now: number | null,
): Promise<CreatedRun | undefined> {
  const values = valuesOf(packed, channel, now);
  if (isBare(packed)) {
    const [row] = await db.ask<RunRow>(insert, values);
    return row && created(row, sealedValues(packed));
  }
  try {
    return await db.transaction(async (ask) => {
      const [row] = await ask<RunRow>(insert, values);
      if (!row) return undefined;
      await writeSeed(ask, channel, packed, row);
      const { values: written, ...whole } = (await findRun(ask, row.run_id))!;
      return created(whole, written);
    });
  } catch (error) {
    throw asConflict(error, packed.run.runId);
  }
}

async function writeSeed(ask: Ask, channel: string, { run, seed }: PackedRun, row: RunRow): Promise<void> {
  const { runId } = run;
  await writeRest(ask, { id: row.id, runId, sessionId: row.session_id }, seed);
  await applyCommits(ask, channel, [{ runId, epoch: row.epoch, batch: seed, sum: 0 }]);
}

function created(row: RunRow, values: readonly ValueRow[]): CreatedRun {
  const lease = leaseOf(row);
  return { run: toRun(row, values), created: true, ...(lease && { lease }) };
}

async function find(ask: Ask, packed: PackedRun): Promise<CreatedRun | undefined> {
  const { idempotencyKey: key, runId } = packed.run;
  const keyed = key === undefined ? undefined : await findRun(ask, key, 'idempotency_key');
  const known = knownRun(packed, keyed, keyed ?? (await findRun(ask, runId)));
  if (!known) return undefined;
  const { row, ...facts } = known;
  return { run: toRun(row, (row as FullRow).values), ...facts };
}

function valuesOf(packed: PackedRun, channel: string, now: number | null): unknown[] {
  const { run, inputHash } = packed;
  const context = packedContext(packed);
  return [
    ...[run.runId, run.requestId, run.workflow, run.version, run.definitionHash ?? null, run.createdAt],
    ...[run.sessionId ?? null, run.idempotencyKey ?? null, inputHash],
    ...[run.forkedFrom?.runId ?? null, run.forkedFrom?.seq ?? null],
    ...[run.lease?.owner ?? null, run.lease?.ms ?? null, now],
    ...columns(
      sealedValues(packed).map(({ name, body, sum }) => [name, body, sum]),
      3,
    ),
    ...[context ?? null, context === undefined ? null : sumOf(context), channel],
  ];
}
