import { collect, type Declare, withSkills } from './declare.ts';
import { withShowing, withStore } from './declare-kept.ts';

/** `tutti fork`. */
export const fork: Declare = ({ add, does }) => {
  const command = add('fork <run>', 'Makes a new run that keeps results of another.', [
    'tutti fork 0199a3   # a run that failed: keeps all that completed, runs the rest again',
    'tutti fork 0199a3 --from write --set style=short',
  ])
    .option('--from <step>', 'keeps what had completed before this step began: its path, or its id')
    .option('-i, --input <json>', 'another input: JSON, @file, or - for the standard input')
    .option('--set <path=value>', 'puts a value into the input; may be repeated', collect);
  withSkills(withShowing(withStore(command))).action(
    does(async (run, options) => (await import('../kept/fork-command.ts')).forkCommand(run, options)),
  );
};
