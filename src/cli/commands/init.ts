import type { Declare } from './declare.ts';

/** `tutti init`. */
export const init: Declare = ({ add, does }) => {
  add('init [folder]', 'Makes a small project to start from.', [
    'tutti init my-workflows && cd my-workflows && npm install && npm start',
  ]).action(does(async (folder) => (await import('../init/init-command.ts')).initCommand(folder)));
};
