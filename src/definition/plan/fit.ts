import { suggest } from '../../problems/suggest.ts';
import type { PathKey } from '../expression/tree.ts';
import type { Mapping } from '../mapping/tree.ts';
import type { JsonSchema } from '../schema/workflow-json-schema.ts';
import { asSchema, resolve, typesOf } from './schema-path.ts';

/** Where a mapping cannot be what a schema asks for. */
export interface Misfit {
  readonly path: readonly PathKey[];
  readonly message: string;
  readonly suggestion?: string | undefined;
  /** It is in the name, and not in the value. */
  readonly inKey?: boolean;
}

/** What is known of a mapped path: its schema. */
export type SchemaOfPath = (keys: readonly PathKey[]) => JsonSchema | undefined;

/**
 * Compares a mapping with the JSON Schema of what it is for, as far as that can be told before a run: which fields are
 * there, and of which type they are.
 */
export function misfits(mapping: Mapping, schema: JsonSchema, schemaOfPath: SchemaOfPath): Misfit[] {
  return new Fitting(schema, schemaOfPath).compare(mapping, schema, []);
}

class Fitting {
  readonly #root: JsonSchema;
  readonly #schemaOfPath: SchemaOfPath;

  constructor(root: JsonSchema, schemaOfPath: SchemaOfPath) {
    this.#root = root;
    this.#schemaOfPath = schemaOfPath;
  }

  compare(mapping: Mapping, given: JsonSchema | undefined, path: readonly PathKey[]): Misfit[] {
    const schema = resolve(given, this.#root);
    if (schema === undefined) return [];
    const choices = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(choices)) return this.#choose(mapping, choices, path);
    const wrong = this.#type(mapping, schema) ?? valueMisfit(mapping, schema);
    if (wrong !== undefined) return [{ path, message: wrong.message, suggestion: wrong.suggestion }];
    if (mapping.kind === 'record') return this.#record(mapping, schema, path);
    if (mapping.kind !== 'list') return [];
    const items = asSchema(schema.items);
    return mapping.items.flatMap((item, i) => this.compare(item, items, [...path, i]));
  }

  /** It need only fit one; if it fits none, what is wrong is said where there is but one that is not null. */
  #choose(mapping: Mapping, choices: readonly unknown[], path: readonly PathKey[]): Misfit[] {
    const found = choices.map((choice) => this.compare(mapping, asSchema(choice), path));
    if (found.some(({ length }) => length === 0)) return [];
    const deeper = found.filter(([first]) => (first?.path.length ?? 0) > path.length);
    if (deeper[0] !== undefined) return deeper[0];
    const types = choices.flatMap((choice) => typesOf(asSchema(choice) ?? {}) ?? []);
    const has = this.#typeOf(mapping);
    if (types.length === 0 || has === undefined) return found[0] ?? [];
    return [{ path, message: mustBe(types, has) }];
  }

  #type(
    mapping: Mapping,
    schema: JsonSchema,
  ): { message: string; suggestion?: string | undefined } | undefined {
    const types = typesOf(schema);
    const has = this.#typeOf(mapping);
    if (types === undefined || has === undefined || types.includes(has)) return undefined;
    if (has === 'integer' && types.includes('number')) return undefined;
    if (has === 'number' && types.includes('integer') && mapping.kind !== 'literal') return undefined;
    return { message: mustBe(types, has) };
  }

  #typeOf(mapping: Mapping): string | undefined {
    switch (mapping.kind) {
      case 'record':
        return 'object';
      case 'list':
        return 'array';
      case 'template':
        return 'string';
      case 'literal':
        return typeOfValue(mapping.value);
      case 'value': {
        if (mapping.expression.kind !== 'path') return undefined;
        const types = typesOf(this.#schemaOfPath(mapping.expression.keys) ?? {});
        return types?.length === 1 ? types[0] : undefined;
      }
    }
  }

  #record(
    mapping: Extract<Mapping, { kind: 'record' }>,
    schema: JsonSchema,
    path: readonly PathKey[],
  ): Misfit[] {
    const properties = asSchema(schema.properties) ?? {};
    const given = mapping.entries.map(([key]) => key);
    const absent = Object.keys(properties).filter((name) => !given.includes(name));
    const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
    const unknown = given.filter((key) => !Object.hasOwn(properties, key));
    const renamed = new Set<string>();
    const misnamed = unknown.flatMap((key): Misfit[] => {
      const suggestion = suggest(key, absent);
      if (suggestion !== undefined) renamed.add(suggestion);
      else if (schema.additionalProperties !== false) return [];
      return [{ path: [...path, key], inKey: true, message: `the input has no ${key}`, suggestion }];
    });
    const missing = required
      .filter((name) => absent.includes(name) && !renamed.has(name))
      .map(
        (name): Misfit => ({ path, inKey: true, message: `the input lacks ${[...path, name].join('.')}` }),
      );
    const inside = mapping.entries.flatMap(([key, value]) =>
      Object.hasOwn(properties, key) ? this.compare(value, asSchema(properties[key]), [...path, key]) : [],
    );
    return [...misnamed, ...missing, ...inside];
  }
}

function valueMisfit(
  mapping: Mapping,
  schema: JsonSchema,
): { message: string; suggestion?: string | undefined } | undefined {
  if (mapping.kind !== 'literal') return undefined;
  const allowed: readonly unknown[] | undefined = Array.isArray(schema.enum)
    ? schema.enum
    : 'const' in schema
      ? [schema.const]
      : undefined;
  const { value } = mapping;
  if (allowed === undefined || allowed.includes(value)) return undefined;
  const words = allowed.map((one) => JSON.stringify(one)).join(', ');
  const suggestion = typeof value === 'string' ? suggest(value, allowed.map(String)) : undefined;
  return { message: `${JSON.stringify(value)} is not one of ${words}`, suggestion };
}

function typeOfValue(value: unknown): string | undefined {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'string' || typeof value === 'boolean' ? typeof value : undefined;
}

const inWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a record',
  array: 'a list',
  null: 'null',
};

function mustBe(types: readonly string[], has: string): string {
  const wanted = [...new Set(types)].map((type) => inWords[type] ?? type).join(' or ');
  return `it must be ${wanted}, not ${inWords[has] ?? has}`;
}
