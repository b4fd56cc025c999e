import { type Declare, withSkills } from './declare.ts';

/** `tutti graph`. */
export const graph: Declare = ({ add, does }) => {
  const command = add('graph [file]', 'Draws a workflow.', [
    'tutti graph workflow.yaml',
    'tutti graph workflow.yaml --format svg > workflow.svg',
    'tutti graph --text "draft THEN IF_FAILURE repair"',
  ])
    .option('--text <text>', 'a workflow in the text language, in place of a file')
    .option('-f, --format <format>', 'mermaid, dot or svg', 'mermaid');
  withSkills(command).action(
    does(async (file, options) => (await import('../graph/graph-command.ts')).graphCommand(file, options)),
  );
};
