import type { Declare } from './declare.ts';

/** `tutti schema`. */
export const schema: Declare = ({ add, does }) => {
  add('schema', 'Writes the JSON Schema of workflow files, for editors.', [
    'tutti schema > workflow.schema.json',
  ]).action(does(async () => (await import('../schema-command.ts')).schemaCommand()));
};
