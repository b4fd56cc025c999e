/**
 * Asks for runs that somebody should take. Each part reads an index that holds only what is open, so that it does not matter how
 * many runs there are.
 *
 * @param now the time, as the database writes it
 * @param limit how many at most, likewise
 * @param after the run after which to begin, or null, likewise
 */
export function claimableSql(now: string, limit: string, after: string): string {
  return `
WITH found (run, because) AS (
  SELECT id, 'orphaned' FROM runs WHERE state IN ('pending', 'running')
  UNION ALL
  SELECT w.run, 'due' FROM waits w JOIN runs r ON r.id = w.run
  WHERE w.closed_seq IS NULL AND w.due_at <= ${now} AND r.state = 'waiting'
  UNION ALL
  SELECT s.run, 'signalled' FROM signals s JOIN runs r ON r.id = s.run
  WHERE s.consumed_seq IS NULL AND CASE s.channel
    WHEN 'control' THEN r.state IN ('waiting', 'paused', 'parked')
    ELSE r.state = 'waiting' AND EXISTS (
      SELECT 1 FROM waits w WHERE w.run = s.run AND w.name = s.name AND w.closed_seq IS NULL)
  END
)
SELECT r.run_id AS "runId", min(found.because) AS because FROM found JOIN runs r ON r.id = found.run
WHERE (r.owner IS NULL OR r.lease_until <= ${now})
  AND r.id > coalesce((SELECT id FROM runs WHERE run_id = ${after}), 0)
GROUP BY r.id ORDER BY r.id LIMIT ${limit}`;
}
