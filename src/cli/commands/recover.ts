import { type Declare, withSkills } from './declare.ts';
import { withStore } from './declare-kept.ts';

/** `tutti recover`. */
export const recover: Declare = ({ add, does }) => {
  const command = add('recover', 'Takes up runs that were left, or whose time has come, and runs them on.', [
    'tutti recover',
    'tutti recover --store postgres://localhost/app --json | grep run.failed',
  ]).option('--json', 'writes events as lines of JSON (NDJSON), as in a pipe');
  withSkills(withStore(command)).action(
    does(async (options) => (await import('../kept/recover-command.ts')).recoverCommand(options)),
  );
};
