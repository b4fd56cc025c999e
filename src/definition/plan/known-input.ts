import type { JsonSchema } from '../schema/workflow-json-schema.ts';
import { asSchema, typesOf } from './schema-path.ts';

/** The types that JSON Schema knows. */
export const jsonTypes: readonly string[] = [
  'string',
  'number',
  'integer',
  'boolean',
  'object',
  'array',
  'null',
];

/**
 * The schema of a workflow's input for those who look up what is read of it: where it lists fields and says nothing of others,
 * there are no others, so that a mistyped name is found. Types that nobody knows are left open.
 */
export function knownInput(schema: JsonSchema | undefined): JsonSchema | undefined {
  return schema === undefined ? undefined : (closed(schema) as JsonSchema);
}

/** Keywords that hold data, not schemas. */
const data: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples', 'required']);

function closed(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(closed);
  const schema = asSchema(given);
  if (schema === undefined) return given;
  const { properties, ...others } = schema;
  const rest = Object.fromEntries(
    Object.entries(others).map(([key, value]) => [key, data.has(key) ? value : closed(value)]),
  );
  if (typesOf(schema)?.some((type) => !jsonTypes.includes(type)) === true)
    Reflect.deleteProperty(rest, 'type');
  const fields = asSchema(properties);
  if (fields === undefined) return rest;
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const listed = Object.fromEntries([
    ...required.map((name) => [name, {}]),
    ...Object.entries(fields).map(([name, field]) => [name, closed(field)]),
  ]);
  return { type: 'object', additionalProperties: false, ...rest, properties: listed };
}
