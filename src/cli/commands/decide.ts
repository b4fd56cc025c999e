import { type Declare, withSkills } from './declare.ts';
import { withoutRunning, withShowing, withStore } from './declare-kept.ts';

/** `tutti approve`. */
export const approve: Declare = decides(
  true,
  'approve',
  'Says yes to what a run waits for, and goes on with it.',
  ['tutti approve 0199a3', 'tutti approve 0199a3 release --by Ada --comment "well done" --no-run'],
);

/** `tutti reject`. */
export const reject: Declare = decides(
  false,
  'reject',
  'Says no to what a run waits for, and goes on with it.',
  ['tutti reject 0199a3 release --by Ada --comment "not yet"'],
);

function decides(approved: boolean, name: string, description: string, examples: readonly string[]): Declare {
  return ({ add, does }) => {
    const command = add(`${name} <run> [approval]`, description, examples)
      .option('--by <name>', 'who says so')
      .option('--comment <text>', 'what else there is to say');
    withSkills(withShowing(withoutRunning(withStore(command)))).action(
      does(async (run, approval, options) =>
        (await import('../kept/answer-commands.ts')).decideCommand(approved, run, approval, options),
      ),
    );
  };
}
