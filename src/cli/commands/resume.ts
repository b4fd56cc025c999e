import { type Declare, withSkills } from './declare.ts';
import { withShowing, withStore } from './declare-kept.ts';

/** `tutti resume`. */
export const resume: Declare = ({ add, does }) => {
  const command = add(
    'resume <run>',
    'Goes on with a run that was paused or left, and shows it to its end.',
    [
      'tutti resume 0199a3',
      'tutti resume 0199a3 --context \'{"approvedBy": "Ada"}\'',
      'tutti resume 0199a3 --skills ./skills.ts',
    ],
  ).option('--context <json>', 'of a paused run: adds to what steps find as context; JSON, or @file');
  withSkills(withShowing(withStore(command))).action(
    does(async (run, options) => (await import('../kept/resume-command.ts')).resumeCommand(run, options)),
  );
};
