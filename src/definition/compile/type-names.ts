import { suggest } from '../../problems/suggest.ts';
import type { PathKey } from '../expression/tree.ts';
import { jsonTypes } from '../plan/known-input.ts';
import { asSchema } from '../plan/schema-path.ts';
import type { Planning } from '../plan/work-planner.ts';

/** What types are called elsewhere. */
const otherNames: Readonly<Record<string, string>> = {
  int: 'integer',
  float: 'number',
  double: 'number',
  str: 'string',
  text: 'string',
  date: 'string',
  bool: 'boolean',
  list: 'array',
  dict: 'object',
  map: 'object',
  record: 'object',
};

/** Keywords that hold data, not schemas. */
const data: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples']);

/** Tells of each type in a JSON Schema that there is not. @returns whether there was one */
export function checkTypeNames(schema: unknown, path: readonly PathKey[], planning: Planning): boolean {
  const before = planning.reading.problems.length;
  walk(schema, path, planning);
  return planning.reading.problems.length > before;
}

function walk(given: unknown, path: readonly PathKey[], planning: Planning): void {
  if (Array.isArray(given)) for (const [i, item] of given.entries()) walk(item, [...path, i], planning);
  const schema = asSchema(given);
  if (schema === undefined) return;
  for (const [key, value] of Object.entries(schema)) {
    const at = [...path, key];
    if (key === 'type' && !isName(path)) checkType(value, at, planning);
    else if (isName(path) || !data.has(key)) walk(value, at, planning);
  }
}

/** Whether what is here are names of fields, and no keywords. */
function isName(path: readonly PathKey[]): boolean {
  const names = ['properties', 'patternProperties', '$defs', 'definitions'];
  let named = false;
  for (const key of path.slice(1)) named = !named && names.includes(String(key));
  return named;
}

function checkType(type: unknown, path: readonly PathKey[], planning: Planning): void {
  if (Array.isArray(type)) for (const [i, one] of type.entries()) checkType(one, [...path, i], planning);
  if (typeof type !== 'string' || jsonTypes.includes(type)) return;
  const { reading, root } = planning;
  const meant = Object.hasOwn(otherNames, type) ? otherNames[type] : suggest(type, jsonTypes);
  reading.at(
    root,
    path,
    `there is no type ${type} in a JSON Schema; there are ${jsonTypes.join(', ')}`,
    meant,
  );
}
