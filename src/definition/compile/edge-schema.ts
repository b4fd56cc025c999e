import { z } from 'zod';
import type { Schema } from '../../core/edge.ts';
import { textOf } from '../../core/errors.ts';
import type { Planning } from '../plan/work-planner.ts';
import type { JsonSchema } from '../schema/workflow-json-schema.ts';
import { slowPattern } from './slow-pattern.ts';
import { checkTypeNames } from './type-names.ts';

const keywords = new Set(
  `$ref $defs definitions $schema $id title description type properties required additionalProperties patternProperties
  propertyNames items prefixItems enum const anyOf oneOf allOf not minLength maxLength pattern format minimum maximum
  exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems uniqueItems minProperties maxProperties default examples`.split(
    /\s+/,
  ),
);

/** Makes a schema of the JSON Schema that a file gives for its input or output; what cannot be one is a problem. */
export function edgeSchema(side: 'input' | 'output', planning: Planning): Schema | undefined {
  const { definition, reading, root } = planning;
  const given: JsonSchema | undefined = definition[side];
  if (given === undefined) return undefined;
  const names = Object.keys(given);
  if (names.length > 0 && !names.some((name) => keywords.has(name))) {
    const example = `{ type: object, properties: { ${names[0]}: { type: string } } }`;
    reading.atKey(root, [side], `${side} is a JSON Schema, such as ${example}`);
    return undefined;
  }
  if (checkTypeNames(given, [side], planning)) return undefined;
  const slow = slowPattern(given);
  if (slow !== undefined) {
    reading.atKey(
      root,
      [side],
      `the pattern ${JSON.stringify(slow)} could take very long: what repeats in it has repetitions or alternatives inside`,
    );
    return undefined;
  }
  try {
    return z.fromJSONSchema(given as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    reading.atKey(root, [side], `this JSON Schema cannot be used: ${textOf(error)}`);
    return undefined;
  }
}
