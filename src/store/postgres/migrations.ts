/** One step from an older shape of the tables to a newer one; steps that were published never change. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * What may be large stands apart from `runs`, whose row every commit writes anew; room is left in its pages, so that the indexes
 * stay as they are. A path may be longer than a key of an index, so keys are hashes. Ids are ordered by their bytes, whatever the
 * database's language.
 *
 * There are no foreign keys: every write holds the row of its run, and a check for every event would cost more than the event.
 */
export const migrations: readonly Migration[] = [
  {
    name: 'runs, events, journal',
    sql: `
CREATE TABLE runs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text COLLATE "C" NOT NULL UNIQUE, request_id text NOT NULL,
  workflow text NOT NULL, version text NOT NULL, definition_hash text,
  created_at float8 NOT NULL, started_at float8, ended_at float8,
  session_id text, idempotency_key text UNIQUE, input_hash text NOT NULL,
  forked_run text, forked_seq int,
  state text NOT NULL, reason text, cost_usd float8 NOT NULL,
  next_seq int NOT NULL, commits int NOT NULL, commit_sum bigint NOT NULL,
  epoch int NOT NULL, owner text, lease_until float8
) WITH (fillfactor = 70);
CREATE INDEX runs_newest ON runs (created_at, run_id);
CREATE INDEX runs_session ON runs (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX runs_forks ON runs (forked_run) WHERE forked_run IS NOT NULL;
CREATE INDEX runs_open ON runs (state) WHERE state IN ('pending', 'running');
CREATE INDEX runs_ended ON runs (coalesce(ended_at, 0)) WHERE state IN ('completed', 'failed', 'cancelled');
CREATE TABLE run_values (
  run bigint NOT NULL, name text NOT NULL, body text NOT NULL, sum bigint NOT NULL, PRIMARY KEY (run, name)
);
CREATE TABLE events (
  run bigint NOT NULL, seq int NOT NULL, body text NOT NULL, sum bigint NOT NULL, PRIMARY KEY (run, seq)
);
CREATE TABLE entries (
  run bigint NOT NULL, key bytea NOT NULL, epoch int NOT NULL, number int NOT NULL, position int NOT NULL,
  body text NOT NULL, sum bigint NOT NULL, PRIMARY KEY (run, key)
);
CREATE TABLE waits (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run bigint NOT NULL, path bytea NOT NULL, name text NOT NULL, due_at float8, closed_seq int,
  body text NOT NULL, sum bigint NOT NULL
);
CREATE INDEX waits_of_run ON waits (run);
CREATE UNIQUE INDEX waits_open ON waits (run, path) WHERE closed_seq IS NULL;
CREATE INDEX waits_due ON waits (due_at) WHERE closed_seq IS NULL AND due_at IS NOT NULL;
CREATE TABLE signals (
  run bigint NOT NULL, number int NOT NULL, id text NOT NULL, channel text NOT NULL, name text NOT NULL,
  received_at float8 NOT NULL, received_seq int NOT NULL, consumed_seq int,
  body text NOT NULL, sum bigint NOT NULL,
  PRIMARY KEY (run, number), UNIQUE (run, id)
);
CREATE INDEX signals_unused ON signals (run) WHERE consumed_seq IS NULL;
CREATE TABLE checkpoints (
  id text PRIMARY KEY, place bigint GENERATED ALWAYS AS IDENTITY,
  run bigint NOT NULL, name text, seq int NOT NULL
);
CREATE INDEX checkpoints_of_run ON checkpoints (run);
CREATE TABLE extras (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run bigint NOT NULL, body text NOT NULL, sum bigint NOT NULL
);
CREATE INDEX extras_of_run ON extras (run);
CREATE TABLE sessions (session_id text PRIMARY KEY, body text, sum bigint);
`,
  },
];
