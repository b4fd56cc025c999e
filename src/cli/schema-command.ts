import { workflowJsonSchema } from '../definition/schema/workflow-json-schema.ts';
import { exitCode } from './exit-code.ts';

/** Writes the JSON Schema of workflow files. */
export async function schemaCommand(): Promise<number> {
  process.stdout.write(`${JSON.stringify(workflowJsonSchema(), null, 2)}\n`);
  return exitCode.completed;
}
