import { type Declare, withSkills } from './declare.ts';
import { withStore } from './declare-kept.ts';

/** `tutti cancel`. */
export const cancel: Declare = ({ add, does }) => {
  const command = add('cancel <run>', 'Ends a run gracefully, undoing what its workflow says how to undo.', [
    'tutti cancel 0199a3 --reason "no longer needed"',
  ])
    .option('--reason <text>', 'why, for those who look')
    .option('--json', 'writes the run as JSON');
  withSkills(withStore(command)).action(
    does(async (run, options) => (await import('../kept/tell-command.ts')).cancelCommand(run, options)),
  );
};
