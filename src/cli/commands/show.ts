import type { Declare } from './declare.ts';
import { withStore } from './declare-kept.ts';

/** `tutti show`. */
export const show: Declare = ({ add, does }) => {
  const command = add('show <run>', 'Shows how a kept run stands, and what it waits for.', [
    'tutti show 0199a3',
    'tutti show 0199a3 --events',
    'tutti show 0199a3 --json | jq .state',
  ]);
  withStore(command)
    .option('--events', 'everything that has happened in it, one by one')
    .option('--json', 'writes it as JSON; events as lines of JSON')
    .action(
      does(async (run, options) => (await import('../kept/show-command.ts')).showCommand(run, options)),
    );
};
