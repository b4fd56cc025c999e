import type { GivenCommit } from '../admit-commit.ts';
import { releases } from '../admit-commit.ts';
import { sumOf } from '../sealed.ts';
import type { Ask, Statement } from './database.ts';

/**
 * Writes many runs' events, entries, values and rows in one statement, and tells of it. A run is left out when the commit does not
 * follow on what it has: a commit 0 writes what belongs to a run from the first, whoever has it.
 *
 * The rows are locked first, in one order for all, so that no two such statements wait for each other; a row that had to be
 * waited for is judged as it is then. `ANY` says once more which rows: without it, a plan made when there were few runs would
 * read all of them.
 */
const apply: Statement = {
  name: 'tutti apply',
  text: `
WITH given AS (
  SELECT * FROM unnest(
    $1::int[], $2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::bigint[], $8::bool[],
    $9::text[], $10::float8[], $11::float8[], $12::float8[], $13::text[], $14::text[], $15::text[]
  ) AS g (ord, run_id, epoch, number, first_seq, events, sum, release,
          state, cost_usd, started_at, ended_at, reason, version, definition_hash)
), locked AS MATERIALIZED (
  SELECT r.id, g.* FROM given g JOIN runs r ON r.run_id = g.run_id
  WHERE r.run_id = ANY($2) AND r.epoch = g.epoch AND r.commits = greatest(g.number - 1, 0)
    AND (g.first_seq IS NULL OR r.next_seq = g.first_seq)
    AND (g.number = 0 OR r.owner IS NOT NULL AND r.state NOT IN ('completed', 'failed', 'cancelled'))
  ORDER BY r.id FOR NO KEY UPDATE OF r
), changed AS (
  UPDATE runs r SET next_seq = r.next_seq + l.events, commits = l.number, commit_sum = l.sum,
    state = coalesce(l.state, r.state), cost_usd = coalesce(l.cost_usd, r.cost_usd),
    started_at = coalesce(l.started_at, r.started_at), ended_at = coalesce(l.ended_at, r.ended_at),
    reason = coalesce(l.reason, r.reason), version = coalesce(l.version, r.version),
    definition_hash = coalesce(l.definition_hash, r.definition_hash),
    owner = CASE WHEN l.release THEN NULL ELSE r.owner END,
    lease_until = CASE WHEN l.release THEN NULL ELSE r.lease_until END
  FROM locked l
  WHERE r.id = l.id AND r.id = ANY(ARRAY(SELECT id FROM locked)) RETURNING r.id, l.ord, l.run_id, l.epoch, l.number
), new_events AS (
  INSERT INTO events (run, seq, body, sum)
  SELECT c.id, e.seq, e.body, e.sum
  FROM unnest($16::int[], $17::int[], $18::text[], $19::bigint[]) AS e (ord, seq, body, sum) JOIN changed c USING (ord)
), new_entries AS (
  INSERT INTO entries (run, key, epoch, number, position, body, sum)
  SELECT c.id, sha256(convert_to(e.key, 'UTF8')), c.epoch, c.number, e.position, e.body, e.sum
  FROM unnest($20::int[], $21::text[], $22::int[], $23::text[], $24::bigint[]) AS e (ord, key, position, body, sum)
  JOIN changed c USING (ord)
), new_values AS (
  INSERT INTO run_values (run, name, body, sum)
  SELECT c.id, v.name, v.body, v.sum
  FROM unnest($25::int[], $26::text[], $27::text[], $28::bigint[]) AS v (ord, name, body, sum) JOIN changed c USING (ord)
  ON CONFLICT (run, name) DO UPDATE SET body = excluded.body, sum = excluded.sum
)
SELECT ord, pg_notify($29, run_id) FROM changed`,
};

/** Writes commits of several runs, as far as the statement can. Gives those that it has written. */
export async function applyCommits(
  ask: Ask,
  channel: string,
  commits: readonly GivenCommit[],
): Promise<ReadonlySet<GivenCommit>> {
  const heads = commits.map(({ runId, epoch, batch, sum }, ord) => {
    const { state, costUsd, startedAt, endedAt, reason, version, definitionHash } = batch.patch.facts;
    return [
      ...[ord, runId, epoch, batch.number, batch.events[0]?.seq, batch.events.length, sum, releases(batch)],
      ...[state, costUsd, startedAt, endedAt, reason, version, definitionHash],
    ];
  });
  const each = <T>(rows: (commit: GivenCommit) => readonly T[], row: (item: T, index: number) => unknown[]) =>
    commits.flatMap((commit, ord) => rows(commit).map((item, index) => [ord, ...row(item, index)]));
  const events = each(
    ({ batch }) => batch.events,
    ({ seq, body }) => [seq, body, sumOf(body)],
  );
  const entries = each(
    ({ batch }) => batch.entries,
    ({ path, key, body }, index) => [JSON.stringify([path, key]), index, body, sumOf(body)],
  );
  const values = each(
    ({ batch }) => batch.patch.values,
    ([name, body]) => [name, body, sumOf(body)],
  );
  const written = await ask<{ ord: number }>(apply, [
    ...[...columns(heads, 15), ...columns(events, 4), ...columns(entries, 5), ...columns(values, 4)],
    channel,
  ]);
  return new Set(written.map(({ ord }) => commits[ord]!));
}

/** Rows as columns, as `unnest` takes them. */
export function columns(rows: readonly (readonly unknown[])[], width: number): unknown[][] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? null));
}
