import type { JsonSchema } from '../definition/schema/workflow-json-schema.ts';

/** What a JSON Schema asks for, in short: `{ text: string, target?: string }`. */
export function schemaWords(schema: unknown, depth = 0): string {
  if (typeof schema !== 'object' || schema === null) return 'anything';
  const { type, properties, items, required, ...rest } = schema as JsonSchema;
  const choices = choicesOf(rest, depth);
  if (choices !== undefined) return choices.join(' | ');
  if (typeof properties === 'object' && properties !== null)
    return depth > 1 ? '{ ... }' : record(Object.entries(properties), required, depth);
  if (type === 'array') return `${schemaWords(items, depth + 1)}[]`;
  if (Array.isArray(type)) return type.join(' | ');
  return typeof type === 'string' ? type : 'anything';
}

/** The values that it lists, or what any one of can be meant. */
function choicesOf(
  { const: only, enum: values, anyOf, oneOf }: JsonSchema,
  depth: number,
): string[] | undefined {
  if (only !== undefined) return [JSON.stringify(only)];
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value));
  const schemas = anyOf ?? oneOf;
  return Array.isArray(schemas) ? schemas.map((one) => schemaWords(one, depth)) : undefined;
}

function record(properties: readonly [string, unknown][], required: unknown, depth: number): string {
  const needed = Array.isArray(required) ? required : [];
  const fields = properties.map(
    ([name, field]) => `${name}${needed.includes(name) ? '' : '?'}: ${schemaWords(field, depth + 1)}`,
  );
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
