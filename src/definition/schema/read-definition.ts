import { dataOf, type Located } from '../source/located.ts';
import { type FileFormat, readText } from '../source/read-text.ts';
import type { Reading } from '../source/reading.ts';
import { type Definition, definitionSchema } from './definition-schema.ts';
import { normalize } from './normalize.ts';
import { prune } from './prune.ts';
import { reportIssues } from './schema-problems.ts';

/** A definition, and the parts of the file that it was read from. */
export interface LocatedDefinition {
  readonly definition: Definition;
  readonly root: Located;
}

/** How often what is refused is taken out. */
const maxRounds = 4;

/** Reads a file as far as its form is right; what is not is among the reading's problems. */
export function readDefinition(reading: Reading, format?: FileFormat): LocatedDefinition | undefined {
  const located = readText(reading, format);
  if (located === undefined) return undefined;
  const root = normalize(located, reading);
  if (root.kind !== 'record') {
    reading.add({ start: 0, length: 0 }, 'a workflow is a record with steps, or a flow');
    return undefined;
  }
  const data = dataOf(root);
  const parsed = definitionSchema.safeParse(data);
  if (parsed.success) return { definition: parsed.data, root };
  reportIssues(parsed.error.issues, root, reading);
  let rest: ReturnType<typeof definitionSchema.safeParse> = parsed;
  let pruned = data;
  // What holds a field that must be there goes with it, if that is refused.
  for (let round = 0; round < maxRounds && rest.error !== undefined; round++) {
    pruned = prune(pruned, rest.error.issues);
    rest = definitionSchema.safeParse(pruned);
  }
  return rest.data && { definition: rest.data, root };
}
