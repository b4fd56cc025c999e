import type { PathKey } from '../expression/tree.ts';
import type { JsonSchema } from '../schema/workflow-json-schema.ts';

/** What a path leads to by a schema, or at which of its keys there is nothing. */
export type Lookup =
  | { readonly schema: JsonSchema | undefined; readonly missing?: undefined }
  | { readonly missing: number; readonly names: readonly string[] };

const anything: Lookup = { schema: undefined };

/** Follows a path through a JSON Schema; where that leaves open what there may be, everything may. */
export function lookUp(schema: JsonSchema | undefined, keys: readonly PathKey[]): Lookup {
  return new Walk(schema).at(schema, keys, 0);
}

class Walk {
  readonly #root: JsonSchema | undefined;
  #steps = 0;

  constructor(root: JsonSchema | undefined) {
    this.#root = root;
  }

  at(given: JsonSchema | undefined, keys: readonly PathKey[], index: number): Lookup {
    const schema = resolve(given, this.#root);
    const key = keys[index];
    // Schemas may refer to themselves: what takes too many steps is left open.
    if (schema === undefined || ++this.#steps > 1000) return anything;
    const choices = listOf(schema.anyOf) ?? listOf(schema.oneOf);
    if (key === undefined) return { schema };
    if (choices !== undefined) return this.#anyOf(choices, keys, index);
    if (schema.allOf !== undefined) return anything;
    return this.#inside(schema, key, keys, index);
  }

  #anyOf(choices: readonly JsonSchema[], keys: readonly PathKey[], index: number): Lookup {
    const found = choices.map((choice) => this.at(choice, keys, index));
    const one = found.find(({ missing }) => missing === undefined);
    if (one !== undefined) return found.length === 1 ? one : anything;
    const missing = found.filter((lookup) => lookup.missing !== undefined);
    const furthest = Math.max(...missing.map((lookup) => lookup.missing));
    const names = missing.flatMap((lookup) => (lookup.missing === furthest ? lookup.names : []));
    return { missing: furthest, names: [...new Set(names)] };
  }

  #inside(schema: JsonSchema, key: PathKey, keys: readonly PathKey[], index: number): Lookup {
    const types = typesOf(schema);
    if (types === undefined) return anything;
    if (types.includes('object')) return this.#property(schema, key, keys, index);
    if (types.includes('array')) {
      if (key === 'length') return anything;
      if (!/^\d+$/.test(String(key))) return { missing: index, names: ['[0]', 'length'] };
      const items = listOf(schema.prefixItems)?.[Number(key)] ?? asSchema(schema.items);
      return this.at(items, keys, index + 1);
    }
    return { missing: index, names: [] };
  }

  #property(schema: JsonSchema, key: PathKey, keys: readonly PathKey[], index: number): Lookup {
    const properties = asSchema(schema.properties) ?? {};
    if (Object.hasOwn(properties, key)) return this.at(asSchema(properties[key]), keys, index + 1);
    if (schema.patternProperties !== undefined) return anything;
    if (schema.additionalProperties === false) return { missing: index, names: Object.keys(properties) };
    return this.at(asSchema(schema.additionalProperties), keys, index + 1);
  }
}

/** A schema, or what it refers to within the root. */
export function resolve(
  schema: JsonSchema | undefined,
  root: JsonSchema | undefined,
): JsonSchema | undefined {
  let found = schema;
  for (let i = 0; i < 20; i++) {
    const ref = found?.$ref;
    if (typeof ref !== 'string') return found;
    if (!ref.startsWith('#')) return undefined;
    let at: unknown = root;
    for (const part of ref.split('/').slice(1))
      at =
        typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? Reflect.get(at, part) : undefined;
    found = asSchema(at);
  }
  return undefined;
}

/** The JSON types a schema allows, if it says. */
export function typesOf({ type }: JsonSchema): readonly string[] | undefined {
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type.map(String) : undefined;
}

/** A JSON Schema that says something. */
export function asSchema(value: unknown): JsonSchema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonSchema)
    : undefined;
}

function listOf(value: unknown): readonly JsonSchema[] | undefined {
  return Array.isArray(value) ? value.map((item) => asSchema(item) ?? {}) : undefined;
}
