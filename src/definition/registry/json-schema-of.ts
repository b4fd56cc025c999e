import { z } from 'zod';
import type { Schema } from '../../core/edge.ts';
import type { JsonSchema } from '../schema/workflow-json-schema.ts';

/**
 * A schema as JSON Schema, by Standard JSON Schema or zod; what cannot be said in it may be anything, and `undefined` means that
 * nothing is known.
 */
export function jsonSchemaOf(schema: Schema | undefined, side: 'input' | 'output'): JsonSchema | undefined {
  if (schema === undefined) return undefined;
  try {
    if (schema instanceof z.core.$ZodType) {
      const { $schema, ...made } = z.toJSONSchema(schema, {
        io: side,
        unrepresentable: 'any',
        override: open(side),
      });
      return made;
    }
    const standard: object = schema['~standard'];
    const convert: unknown = Reflect.get((Reflect.get(standard, 'jsonSchema') as object) ?? {}, side);
    return typeof convert === 'function' ? (convert({ target: 'draft-2020-12' }) as JsonSchema) : undefined;
  } catch {
    return undefined;
  }
}

/** What is converted before it is looked at takes more than its schema says. */
function open(side: 'input' | 'output'): NonNullable<z.core.ToJSONSchemaParams['override']> {
  return ({ zodSchema, jsonSchema }) => {
    const { def } = zodSchema._zod;
    const converts =
      Reflect.get(def, 'coerce') === true || (def.type === 'pipe' && def.in._zod.def.type === 'transform');
    if (side === 'input' && converts)
      for (const keyword of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, keyword);
  };
}
