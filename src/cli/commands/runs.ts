import { collect, type Declare } from './declare.ts';
import { withStore } from './declare-kept.ts';

/** `tutti runs`. */
export const runs: Declare = ({ add, does }) => {
  const command = add('runs', 'Lists kept runs, those started last first.', [
    'tutti runs',
    'tutti runs --state waiting,paused --workflow moderation --limit 100',
    'tutti runs --store postgres://localhost/app --json | jq .runId',
  ]);
  withStore(command)
    .option('--state <states>', 'only those that are so, such as running,waiting; may be repeated', collect)
    .option('--workflow <name>', 'only those of a workflow')
    .option('--session <id>', 'only those of a session')
    .option('--limit <count>', 'how many at most, up to 1000 (default: 20)')
    .option('--json', 'writes a line of JSON for each')
    .action(does(async (options) => (await import('../kept/runs-command.ts')).runsCommand(options)));
};
