/** "Tutt" in the header of a file says that it is ours. */
export const applicationId = 0x54757474;

/** One step from an older shape of the tables to a newer one; steps that were published never change. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * What a commit costs is the pages that it changes. Most hold nothing but events, and change one page: the events of a commit are one
 * row, whose key is the run and the number of the first event; and who follows reads from them how far a run has come. `runs` knows
 * only of commits without events (`quiet_number`, `quiet_sum`).
 *
 * Each text that was packed has its CRC-32 beside it, as SQLite itself does not notice when a byte of the file changes. An entry has
 * its place in the order of writing as columns, for a second index would be one page more. What may be large stands apart from `runs`.
 */
export const migrations: readonly Migration[] = [
  {
    name: 'runs, events, journal',
    sql: `
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL UNIQUE, request_id TEXT NOT NULL,
  workflow TEXT NOT NULL, version TEXT NOT NULL, definition_hash TEXT,
  created_at REAL NOT NULL, started_at REAL, ended_at REAL,
  session_id TEXT, idempotency_key TEXT, input_hash TEXT NOT NULL,
  forked_run TEXT, forked_seq INTEGER,
  state TEXT NOT NULL, reason TEXT, cost_usd REAL NOT NULL,
  quiet_number INTEGER NOT NULL, quiet_sum INTEGER NOT NULL,
  epoch INTEGER NOT NULL, owner TEXT, lease_until REAL
) STRICT;
CREATE UNIQUE INDEX runs_key ON runs (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX runs_newest ON runs (created_at, run_id);
CREATE INDEX runs_session ON runs (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX runs_forks ON runs (forked_run) WHERE forked_run IS NOT NULL;
CREATE INDEX runs_open ON runs (state) WHERE state IN ('pending', 'running');
CREATE INDEX runs_ended ON runs (ended_at) WHERE state IN ('completed', 'failed', 'cancelled');
CREATE TABLE run_values (
  run INTEGER NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE events (
  id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, number INTEGER NOT NULL, commit_sum INTEGER NOT NULL,
  count INTEGER NOT NULL, sum INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE TABLE entries (
  run INTEGER NOT NULL, path TEXT NOT NULL, key TEXT NOT NULL,
  epoch INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL,
  body TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (run, path, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE waits (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL, due_at REAL, closed_seq INTEGER,
  body TEXT NOT NULL, sum INTEGER NOT NULL
) STRICT;
CREATE INDEX waits_of_run ON waits (run);
CREATE UNIQUE INDEX waits_open ON waits (run, path) WHERE closed_seq IS NULL;
CREATE INDEX waits_due ON waits (due_at) WHERE closed_seq IS NULL AND due_at IS NOT NULL;
CREATE TABLE signals (
  run INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, channel TEXT NOT NULL, name TEXT NOT NULL,
  received_at REAL NOT NULL, received_seq INTEGER NOT NULL, consumed_seq INTEGER,
  body TEXT NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY (run, number), UNIQUE (run, id)
) STRICT;
CREATE INDEX signals_unused ON signals (run) WHERE consumed_seq IS NULL;
CREATE TABLE checkpoints (
  id TEXT PRIMARY KEY, run INTEGER NOT NULL, name TEXT, seq INTEGER NOT NULL
) STRICT;
CREATE INDEX checkpoints_of_run ON checkpoints (run);
CREATE TABLE extras (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL
) STRICT;
CREATE INDEX extras_of_run ON extras (run);
CREATE TABLE sessions (session_id TEXT PRIMARY KEY, body TEXT, sum INTEGER) STRICT;
`,
  },
];
