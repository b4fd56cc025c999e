import { claimableSql } from '../claimable-sql.ts';
import { RunEndedError, UnknownRunError } from '../errors.ts';
import type { ClaimableRun } from '../run-store.ts';
import { isEnded, type Lease, type LeaseRequest } from '../stored-run.ts';
import type { Database } from './database.ts';
import { rowOf } from './rows.ts';

/** Takes a run, in a transaction. */
export function takeRun(
  db: Database,
  runId: string,
  { owner, ms }: LeaseRequest,
  now: number,
): Lease | undefined {
  const row = rowOf(db, runId);
  if (!row) throw new UnknownRunError(runId);
  if (isEnded(row.state)) throw new RunEndedError(runId, row.state);
  const held = row.owner !== null && row.owner !== owner && row.lease_until! > now;
  if (held) return undefined;
  const epoch = row.epoch + 1;
  db.sql(
    'UPDATE runs SET owner = ?, lease_until = ?, epoch = ?, quiet_number = 0, quiet_sum = 0 WHERE id = ?',
  ).run(owner, now + ms, epoch, row.id);
  db.know(runId, { id: row.id, epoch, number: 0, nextSeq: row.next_seq });
  return { runId, owner, epoch, until: now + ms };
}

/** Keeps leases, in a transaction. Gives the runs whose lease is lost. */
export function renewLeases(db: Database, leases: readonly Lease[], until: number): string[] {
  const renew = db.sql(
    'UPDATE runs SET lease_until = ? WHERE run_id = ? AND epoch = ? AND owner IS NOT NULL',
  );
  return leases
    .filter(({ runId, epoch }) => Number(renew.run(until, runId, epoch).changes) === 0)
    .map(({ runId }) => runId);
}

/** Gives a lease back, in a transaction. */
export function releaseLease(db: Database, { runId, epoch }: Pick<Lease, 'runId' | 'epoch'>): void {
  db.heads.delete(runId);
  db.sql('UPDATE runs SET owner = NULL, lease_until = NULL WHERE run_id = ? AND epoch = ?').run(runId, epoch);
}

const claimable = claimableSql('?1', '?2', '?3');

/** Runs that somebody should take. */
export function claimableRuns(
  db: Database,
  now: number,
  limit: number,
  after: string | undefined,
): ClaimableRun[] {
  const rows = db.sql(claimable).all(now, limit, after ?? null) as ClaimableRun[];
  return rows.map((row) => ({ ...row }));
}
