import { type Declare, withSkills } from './declare.ts';

/** `tutti validate`. */
export const validate: Declare = ({ add, does }) => {
  const command = add(
    'validate [files...]',
    'Checks workflows, and says everything that is wrong, and where.',
    ['tutti validate workflows/*.yaml', 'tutti validate --text "research THEN write"'],
  )
    .option('--text <text>', 'a workflow in the text language, in place of files')
    .option('--json', 'writes a line of JSON for each problem');
  withSkills(command).action(
    does(async (files, options) => (await import('../validate-command.ts')).validateCommand(files, options)),
  );
};
