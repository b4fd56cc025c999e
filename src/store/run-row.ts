import { type Sealed, unseal } from './sealed.ts';
import type { Lease, StoredRun, StoredRunState } from './stored-run.ts';

/** A run's row in a table, without its values. */
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

/** A value of a run, which stands apart from its row. */
export interface ValueRow extends Sealed {
  readonly name: string;
}

/** A run, from its row and its values. */
export function toRun(row: RunRow, values: readonly ValueRow[]): StoredRun {
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

/** The lease that a row tells of. */
export function leaseOf({ run_id, owner, epoch, lease_until }: RunRow): Lease | undefined {
  if (owner === null || lease_until === null) return undefined;
  return { runId: run_id, owner, epoch, until: lease_until };
}
