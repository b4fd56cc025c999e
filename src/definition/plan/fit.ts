import { suggest } from '../../problems/suggest.ts';
import { isEqual } from '../expression/equal.ts';
import type { PathKey } from '../expression/tree.ts';
import type { Mapping } from '../mapping/tree.ts';
import type { JsonSchema } from '../schema/workflow-json-schema.ts';
import { canBeEqual } from './comparison-flaws.ts';
import { type Known, knownBy, knownOf, mayBe, oneOf, type SchemaOfPath, typesInWords } from './known.ts';
import { asSchema, resolve, typesOf } from './schema-path.ts';

/** Where a mapping cannot be what a schema asks for. */
export interface Misfit {
  readonly path: readonly PathKey[];
  readonly message: string;
  readonly suggestion?: string | undefined;
  /** It is in the name, and not in the value. */
  readonly inKey?: boolean;
}

type Misfitting = Pick<Misfit, 'message' | 'suggestion'>;

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
    const wrong = this.#type(mapping, schema) ?? valueMisfit(this.#known(mapping), schema);
    if (wrong !== undefined) return [{ path, message: wrong.message, suggestion: wrong.suggestion }];
    if (mapping.kind === 'record') return this.#record(mapping, schema, path);
    if (mapping.kind !== 'list') return [];
    const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
    return mapping.items.flatMap((item, i) =>
      this.compare(item, asSchema(i < first.length ? first[i] : schema.items), [...path, i]),
    );
  }

  /** It need only fit one; if it fits none, what is wrong is said where there is but one that is not null. */
  #choose(mapping: Mapping, choices: readonly unknown[], path: readonly PathKey[]): Misfit[] {
    const found = choices.map((choice) => this.compare(mapping, asSchema(choice), path));
    if (found.some(({ length }) => length === 0)) return [];
    const deeper = found.filter(([first]) => (first?.path.length ?? 0) > path.length);
    if (deeper[0] !== undefined) return deeper[0];
    const types = choices.flatMap((choice) => typesOf(asSchema(choice) ?? {}) ?? []);
    const values = knownBy({ anyOf: choices });
    const known = this.#known(mapping);
    const wrong =
      values && known?.types.some((type) => mayBe(values, type)) && valueMisfit(known, { anyOf: choices });
    if (wrong) return [{ path, ...wrong }];
    if (types.length === 0 || known === undefined) return found[0] ?? [];
    return [{ path, message: mustBe(types, known.types) }];
  }

  #type(mapping: Mapping, schema: JsonSchema): Misfitting | undefined {
    const types = typesOf(schema);
    const known = this.#known(mapping);
    if (types === undefined || known === undefined || canBeOneOf(known, types)) return undefined;
    return { message: mustBe(types, known.types) };
  }

  #known(mapping: Mapping): Known | undefined {
    switch (mapping.kind) {
      case 'record':
        return { types: ['object'] };
      case 'list':
        return { types: ['array'] };
      case 'template':
        return { types: ['string'] };
      case 'literal':
        return oneOf([mapping.value]);
      case 'value':
        return knownOf(mapping.expression, this.#schemaOfPath);
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
    const more = schema.patternProperties === undefined ? schema.additionalProperties : undefined;
    const inside = mapping.entries.flatMap(([key, value]) =>
      this.compare(value, asSchema(Object.hasOwn(properties, key) ? properties[key] : more), [...path, key]),
    );
    return [...misnamed, ...missing, ...inside];
  }
}

function canBeOneOf(known: Known, types: readonly string[]): boolean {
  return types.some((type) => mayBe(known, type)) && canBeEqual(known, { types });
}

/** A value, or all that something can be, is not among what is allowed. */
function valueMisfit(known: Known | undefined, schema: JsonSchema): Misfitting | undefined {
  const allowed = knownBy(schema)?.values;
  const given = known?.values;
  if (allowed === undefined || given === undefined) return undefined;
  if (given.some((value) => allowed.some((one) => isEqual(one, value)))) return undefined;
  const [value] = given;
  const list = inList(allowed);
  if (given.length > 1) return { message: `it is one of ${inList(given)}, and must be one of ${list}` };
  const suggestion = typeof value === 'string' ? suggest(value, allowed.map(String)) : undefined;
  return { message: `${JSON.stringify(value)} is not one of ${list}`, suggestion };
}

function inList(values: readonly unknown[]): string {
  return values.map((one) => JSON.stringify(one)).join(', ');
}

function mustBe(types: readonly string[], has: readonly string[]): string {
  return `it must be ${typesInWords(types)}, not ${typesInWords(has)}`;
}
