import { crc32 } from 'node:zlib';
import { StoreCorruptError } from '../errors.ts';
import { unpack } from '../pack.ts';
import type { StoredRun, StoredRunState } from '../stored-run.ts';
import type { Database } from './database.ts';

/** A run's row, without its values. */
export interface RunRow {
  readonly id: number;
  readonly run_id: string;
  readonly request_id: string;
  readonly workflow: string;
  readonly version: string;
  readonly definition_hash: string | null;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly session_id: string | null;
  readonly idempotency_key: string | null;
  readonly input_hash: string;
  readonly forked_run: string | null;
  readonly forked_seq: number | null;
  readonly state: StoredRunState;
  readonly reason: string | null;
  readonly cost_usd: number;
  readonly next_seq: number;
  readonly commits: number;
  readonly commit_sum: number;
  readonly epoch: number;
  readonly owner: string | null;
  readonly lease_until: number | null;
}

/** A text that was packed, and its checksum. */
export interface Sealed {
  readonly body: string;
  readonly sum: number;
}

/** The checksum of a text; `before` is that of what comes before it. */
export function sumOf(text: string, before = 0): number {
  return crc32(text, before);
}

/** The value of a packed text. Errors: `StoreCorruptError` when the text is not the one that was written. */
export function unseal<T>(what: string, { body, sum }: Sealed): T {
  if (sumOf(body) !== sum) throw new StoreCorruptError(`${what} is not as it was written`);
  return unpack<T>(what, body);
}

/** The row of a run. */
export function rowOf(db: Database, runId: string): RunRow | undefined {
  return db.sql('SELECT * FROM runs WHERE run_id = ?').get(runId) as RunRow | undefined;
}

/** A run with its values. */
export function toStoredRun(db: Database, row: RunRow): StoredRun {
  const values = db.sql('SELECT name, body, sum FROM run_values WHERE run = ?').all(row.id) as (Sealed & {
    readonly name: string;
  })[];
  const facts = {
    definitionHash: row.definition_hash,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    sessionId: row.session_id,
    idempotencyKey: row.idempotency_key,
    reason: row.reason,
    owner: row.owner,
    leaseUntil: row.lease_until,
    forkedFrom: row.forked_run === null ? null : { runId: row.forked_run, seq: row.forked_seq },
  };
  return {
    runId: row.run_id,
    requestId: row.request_id,
    workflow: row.workflow,
    version: row.version,
    createdAt: row.created_at,
    inputHash: row.input_hash,
    state: row.state,
    costUsd: row.cost_usd,
    nextSeq: row.next_seq,
    commits: row.commits,
    epoch: row.epoch,
    ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null)),
    ...Object.fromEntries(
      values.map((value) => [value.name, unseal(`${row.run_id}'s ${value.name}`, value)]),
    ),
  } as StoredRun;
}
