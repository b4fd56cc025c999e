import type { Command } from 'commander';

/** Gives a command the option that says where runs are kept. */
export function withStore(command: Command): Command {
  const what = 'where runs are kept: a file, or a postgres:// URL (default: TUTTI_STORE, else tutti.db)';
  return command.option('--store <place>', what);
}

/** Gives a command the options that say how a run is shown. */
export function withShowing(command: Command): Command {
  return command
    .option('--json', 'writes events as lines of JSON (NDJSON), as in a pipe')
    .option('-q, --quiet', 'tells how it ended, and nothing of the way there')
    .option('-v, --verbose', 'tells everything');
}

/** Gives a command the option to tell a run something, and no more. */
export function withoutRunning(command: Command): Command {
  return command.option('--no-run', 'does not go on with the run here');
}
