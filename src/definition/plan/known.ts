import type { Binary, Call, Expression } from '../expression/tree.ts';
import type { JsonSchema } from '../schema/workflow-json-schema.ts';
import { asSchema, typesOf } from './schema-path.ts';
import type { ReadingScope } from './scope.ts';

/** What is known of a value before anything runs. */
export interface Known {
  /** The JSON types that it can have; there is at least one. */
  readonly types: readonly string[];
  /** All that it can be, where those are few. */
  readonly values?: readonly unknown[] | undefined;
  /** What it holds, if it is a list or a record. */
  readonly schema?: JsonSchema | undefined;
}

/** Gives the schema of a path that is read, where it is known. */
export type SchemaOfPath = ReadingScope['schemaOf'];

/** What a JSON Schema says of a value, if that can be told of a value alone. */
export function knownBy(schema: JsonSchema | undefined): Known | undefined {
  if (schema === undefined || '$ref' in schema) return undefined;
  if (Array.isArray(schema.enum)) return oneOf(schema.enum);
  if ('const' in schema) return oneOf([schema.const]);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return union(choices.map((choice) => knownBy(asSchema(choice))));
  const types = typesOf(schema);
  return types === undefined || types.length === 0 ? undefined : { types, schema };
}

/** What an expression is worth, as far as its parts tell; what is missing is not counted. */
export function knownOf(expression: Expression, schemaOf: SchemaOfPath): Known | undefined {
  const of = (part: Expression): Known | undefined => knownOf(part, schemaOf);
  switch (expression.kind) {
    case 'literal':
      return oneOf([expression.value]);
    case 'list':
      return { types: ['array'], schema: listSchema(expression.items.map(of)) };
    case 'path':
      return knownBy(schemaOf(expression.keys));
    case 'member':
      return undefined;
    case 'unary':
      return { types: [expression.operator === '!' ? 'boolean' : 'number'] };
    case 'binary':
      return knownOfBinary(expression, of);
    case 'call':
      return knownOfCall(expression, of);
  }
}

type KnownOfPart = (part: Expression) => Known | undefined;

function knownOfBinary({ operator, left, right }: Binary, of: KnownOfPart): Known | undefined {
  switch (operator) {
    case '&&':
    case '||':
      return union([of(left), of(right)]);
    case '+':
      return sum(of(left), of(right));
    case '-':
    case '*':
    case '/':
    case '%':
      return { types: ['number'] };
    default:
      return { types: ['boolean'] };
  }
}

/** A text, if one of them is; a number, if neither can be a text. */
function sum(a: Known | undefined, b: Known | undefined): Known | undefined {
  if (isOnly(a, 'string') || isOnly(b, 'string')) return { types: ['string'] };
  if (a === undefined || b === undefined) return undefined;
  return { types: mayBe(a, 'string') || mayBe(b, 'string') ? ['string', 'number'] : ['number'] };
}

function knownOfCall({ name, args }: Call, of: KnownOfPart): Known | undefined {
  switch (name) {
    case 'len':
      return { types: ['integer'] };
    case 'lower':
    case 'upper':
      return { types: ['string'] };
    case 'default':
      return union(args.map(of));
    default:
      return { types: ['boolean'] };
  }
}

/** Whether a value can have a type; every whole number is a number, and a number may be a whole one. */
export function mayBe({ types }: Known, type: string): boolean {
  return types.includes(type) || (isNumber(type) && types.some(isNumber));
}

function isOnly(known: Known | undefined, type: string): boolean {
  return known?.types.every((one) => one === type) === true;
}

function isNumber(type: string): boolean {
  return type === 'number' || type === 'integer';
}

/** What is known of something that is one of these values. */
export function oneOf(values: readonly unknown[]): Known | undefined {
  const types = values.map(typeOfValue);
  return types.length === 0 || types.includes(undefined)
    ? undefined
    : { types: [...new Set(types as string[])], values };
}

/** What is known of something that is one of several; nothing, if nothing is known of one of them. */
function union(several: readonly (Known | undefined)[]): Known | undefined {
  const all = several.filter((one) => one !== undefined);
  if (all.length < several.length || all.length === 0) return undefined;
  const types = [...new Set(all.flatMap(({ types }) => types))];
  const values = all.every(({ values }) => values !== undefined)
    ? all.flatMap(({ values }) => values ?? [])
    : undefined;
  return { types, values, schema: all.length === 1 ? all[0]?.schema : undefined };
}

function listSchema(items: readonly (Known | undefined)[]): JsonSchema | undefined {
  const known = union(items);
  if (known === undefined) return undefined;
  return {
    type: 'array',
    items: known.values === undefined ? { type: known.types } : { enum: known.values },
  };
}

function typeOfValue(value: unknown): string | undefined {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'object') return Array.isArray(value) ? 'array' : 'object';
  return typeof value === 'string' || typeof value === 'boolean' ? typeof value : undefined;
}

const words: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a record',
  array: 'a list',
  null: 'null',
};

/** Types in words: `a text or null`. */
export function typesInWords(types: readonly string[]): string {
  return [...new Set(types)].map((type) => words[type] ?? type).join(' or ');
}
