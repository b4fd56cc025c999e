import { z } from 'zod';
import { definitionSchema } from './definition-schema.ts';
import { otherNames, type RecordKind } from './other-names.ts';

/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** What else stands in files of the other systems, beside fields with other names. */
const tables: JsonSchema = {
  workflow: {
    description: 'The flow, or a table of settings.',
    anyOf: [{ type: 'string' }, { type: 'object' }],
  },
  step_timeout: { type: 'number', description: 'Seconds; the same as defaults.timeout.' },
  max_retries: { type: 'integer', minimum: 0, description: 'The same as defaults.retry.' },
  max_cost_per_workflow: { type: 'number', minimum: 0, description: 'The same as budget.usd.' },
  budget_alert_threshold: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    description: 'The same as budget.alertAt.',
  },
};

/**
 * Makes the JSON Schema of workflow files, for editors: `schema/workflow.schema.json`. Fields are known by their other
 * names too.
 */
export function workflowJsonSchema(): JsonSchema {
  const { definitions, properties, ...rest } = z.toJSONSchema(definitionSchema, {
    target: 'draft-7',
    io: 'input',
  }) as unknown as { definitions: Record<string, JsonSchema>; properties: JsonSchema };
  const made = Object.entries(definitions).map(([name, schema]) => [name, withOtherNames(name, schema)]);
  const { properties: own } = withOtherNames('Workflow', { properties });
  return {
    ...rest,
    properties: { ...(own as JsonSchema), version: { type: ['string', 'number'] }, ...tables },
    definitions: Object.fromEntries(made),
  };
}

function withOtherNames(name: string, schema: JsonSchema): JsonSchema {
  const names = otherNames[name as RecordKind];
  if (names === undefined) return schema;
  const properties = { ...(schema.properties as Record<string, JsonSchema>) };
  for (const [other, { is, seconds }] of Object.entries(names)) {
    const description = `The same as ${is}${seconds === true ? ', in seconds' : ''}.`;
    properties[other] =
      seconds === true ? { type: 'number', description } : { ...properties[is], description };
  }
  const required = schema.required as readonly string[] | undefined;
  return required === undefined
    ? { ...schema, properties }
    : { ...schema, properties, ...needing(required, names) };
}

/** A field that must be there may be there by any of its names. */
function needing(
  required: readonly string[],
  names: Readonly<Record<string, { readonly is: string }>>,
): JsonSchema {
  const othersOf = (field: string): string[] =>
    Object.keys(names).filter((other) => names[other]?.is === field);
  const alone = required.filter((field) => othersOf(field).length === 0);
  const several = required.filter((field) => othersOf(field).length > 0);
  return {
    required: alone,
    allOf: several.map((field) => ({
      anyOf: [field, ...othersOf(field)].map((one) => ({ required: [one] })),
    })),
  };
}
