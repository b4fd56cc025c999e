import { claimableSql } from '../claimable-sql.ts';
import { RunEndedError, UnknownRunError } from '../errors.ts';
import type { ClaimableRun } from '../run-store.ts';
import { isEnded, type Lease, type LeaseRequest, type StoredRunState } from '../stored-run.ts';
import { columns } from './apply.ts';
import type { Database, Statement } from './database.ts';
import { nowSql } from './time.ts';

const take: Statement = {
  name: 'tutti take',
  text: `
UPDATE runs SET owner = $2, lease_until = ${nowSql('$4')} + $3::float8, epoch = epoch + 1, commits = 0, commit_sum = 0
WHERE run_id = $1 AND state NOT IN ('completed', 'failed', 'cancelled')
  AND (owner IS NULL OR owner = $2 OR lease_until <= ${nowSql('$4')})
RETURNING epoch, lease_until AS until, pg_notify($5, run_id)`,
};

/** Takes a run. */
export async function takeRun(
  { ask }: Database,
  channel: string,
  runId: string,
  { owner, ms }: LeaseRequest,
  now: number | null,
): Promise<Lease | undefined> {
  const [taken] = await ask<Pick<Lease, 'epoch' | 'until'>>(take, [runId, owner, ms, now, channel]);
  if (taken) return { runId, owner, epoch: taken.epoch, until: taken.until };
  const [row] = await ask<{ state: StoredRunState }>('SELECT state FROM runs WHERE run_id = $1', [runId]);
  if (!row) throw new UnknownRunError(runId);
  if (isEnded(row.state)) throw new RunEndedError(runId, row.state);
  return undefined;
}

/** Rows are locked in the order in which commits lock them. */
const renew: Statement = {
  name: 'tutti renew',
  text: `
WITH locked AS MATERIALIZED (
  SELECT r.id FROM runs r JOIN unnest($1::text[], $2::int[]) AS g (run_id, epoch)
    ON r.run_id = g.run_id AND r.epoch = g.epoch
  WHERE r.run_id = ANY($1) AND r.owner IS NOT NULL ORDER BY r.id FOR NO KEY UPDATE OF r
)
UPDATE runs r SET lease_until = ${nowSql('$4')} + $3::float8 FROM locked l
  WHERE r.id = l.id AND r.id = ANY(ARRAY(SELECT id FROM locked)) RETURNING r.run_id`,
};

/** Keeps leases. Gives the runs whose lease is lost. */
export async function renewLeases(
  { ask }: Database,
  leases: readonly Lease[],
  ms: number,
  now: number | null,
): Promise<string[]> {
  const given = columns(
    leases.map(({ runId, epoch }) => [runId, epoch]),
    2,
  );
  const rows = await ask<{ run_id: string }>(renew, [...given, ms, now]);
  const kept = new Set(rows.map((row) => row.run_id));
  return leases.map(({ runId }) => runId).filter((runId) => !kept.has(runId));
}

/** Gives a lease back. */
export async function releaseLease(
  { ask }: Database,
  channel: string,
  { runId, epoch }: Pick<Lease, 'runId' | 'epoch'>,
): Promise<void> {
  await ask(
    `UPDATE runs SET owner = NULL, lease_until = NULL WHERE run_id = $1 AND epoch = $2 AND owner IS NOT NULL
     RETURNING pg_notify($3, run_id)`,
    [runId, epoch, channel],
  );
}

const claimable = claimableSql(nowSql('$1'), '$2', '$3');

/** Runs that somebody should take. */
export function claimableRuns(
  { ask }: Database,
  limit: number,
  after: string | undefined,
  now: number | null,
): Promise<ClaimableRun[]> {
  return ask<ClaimableRun>({ name: 'tutti claimable', text: claimable }, [now, limit, after ?? null]);
}
