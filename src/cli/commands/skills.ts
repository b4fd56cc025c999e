import { type Declare, withSkills } from './declare.ts';

/** `tutti skills`. */
export const skills: Declare = ({ add, does }) => {
  const command = add('skills', 'Lists the skills that workflows can use, with what they take and give.', [
    'tutti skills',
    'tutti skills --skills ./skills.ts --json',
  ]);
  withSkills(command)
    .option('--json', 'writes them as JSON, with their schemas')
    .action(does(async (options) => (await import('../skills-command.ts')).skillsCommand(options)));
};
