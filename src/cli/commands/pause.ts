import type { Declare } from './declare.ts';
import { withStore } from './declare-kept.ts';

/** `tutti pause`. */
export const pause: Declare = ({ add, does }) => {
  const command = add('pause <run>', 'Lets what runs end, and nothing new begin.', [
    'tutti pause 0199a3 --reason "out of office"',
  ]);
  withStore(command)
    .option('--reason <text>', 'why, for those who look')
    .option('--json', 'writes the run as JSON')
    .action(
      does(async (run, options) => (await import('../kept/tell-command.ts')).pauseCommand(run, options)),
    );
};
