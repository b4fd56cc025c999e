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
      const { $schema, ...made } = z.toJSONSchema(schema, { io: side, unrepresentable: 'any' });
      return made;
    }
    const standard: object = schema['~standard'];
    const convert: unknown = Reflect.get((Reflect.get(standard, 'jsonSchema') as object) ?? {}, side);
    return typeof convert === 'function' ? (convert({ target: 'draft-2020-12' }) as JsonSchema) : undefined;
  } catch {
    return undefined;
  }
}
