import { type Declare, withSkills } from './declare.ts';
import { withoutRunning, withShowing, withStore } from './declare-kept.ts';

/** `tutti signal`. */
export const signal: Declare = ({ add, does }) => {
  const command = add('signal <run> <name> [json]', 'Sends a run what it waits for, and goes on with it.', [
    'tutti signal 0199a3 paid \'{"usd": 12}\'',
    'tutti signal 0199a3 go --no-run',
  ]);
  withSkills(withShowing(withoutRunning(withStore(command)))).action(
    does(async (run, name, json, options) =>
      (await import('../kept/answer-commands.ts')).signalCommand(run, name, json, options),
    ),
  );
};
