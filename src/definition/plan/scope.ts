import type { Path, PathKey } from '../expression/tree.ts';
import type { JsonSchema } from '../schema/workflow-json-schema.ts';
import type { Reading } from '../source/reading.ts';
import { asSchema, type Lookup, lookUp } from './schema-path.ts';

/** What `$` can be followed by. */
export type RootName = 'input' | 'steps' | 'item' | 'index' | 'results' | 'step';

/** What a step gives, as far as it is known: one of these, or a list of such. */
export interface KnownOutput {
  readonly schemas: readonly (JsonSchema | undefined)[];
  readonly list: boolean;
  /** Several steps have this id: which of them is read cannot be said. */
  readonly ambiguous?: boolean;
}

/** What is wrong with a reference: which of its keys, from 0, `$` not counted. */
export interface BadReference {
  readonly message: string;
  readonly suggestion?: string | undefined;
}

/** What can be read at some place of a file. */
export class ReadingScope {
  readonly #roots: readonly RootName[];
  readonly #input: JsonSchema | undefined;
  readonly #outputs: ReadonlyMap<string, KnownOutput>;
  readonly #self: string;
  readonly #item: JsonSchema | undefined;
  readonly #reading: Reading;

  constructor(options: {
    readonly roots: readonly RootName[];
    /** Of the workflow. */
    readonly input: JsonSchema | undefined;
    readonly outputs: ReadonlyMap<string, KnownOutput>;
    /** The step that reads. */
    readonly self: string;
    readonly item?: JsonSchema | undefined;
    readonly reading: Reading;
  }) {
    this.#roots = options.roots;
    this.#input = options.input;
    this.#outputs = options.outputs;
    this.#self = options.self;
    this.#item = options.item;
    this.#reading = options.reading;
  }

  /** What is wrong with what is read here, if anything. */
  check({ keys }: Path): BadReference | undefined {
    const [root, ...rest] = keys;
    if (!this.#roots.includes(root as RootName)) return this.#badRoot(String(root), rest);
    if (root === 'steps') return this.#badStep(rest);
    if (root === 'index') return rest.length === 0 ? undefined : { message: '$.index is a number' };
    if (root === 'step')
      return ['input', 'output'].includes(String(rest[0]))
        ? undefined
        : { message: 'of the step there are $.step.input and $.step.output' };
    return this.#badLookup(this.#lookUp(keys), keys);
  }

  /** The schema of what is read, where it is known; not of what cannot be read here. */
  schemaOf(keys: readonly PathKey[]): JsonSchema | undefined {
    const [root, id, part] = keys;
    if (!this.#roots.includes(root as RootName)) return undefined;
    if (root === 'steps' && (part !== 'output' || id === this.#self)) return undefined;
    const lookup = this.#lookUp(keys);
    return lookup.missing === undefined ? lookup.schema : undefined;
  }

  #lookUp(keys: readonly PathKey[]): Lookup {
    const [root, id, , ...rest] = keys;
    if (root === 'input') return shifted(lookUp(this.#input, keys.slice(1)), 1);
    if (root === 'item') return shifted(lookUp(this.#item, keys.slice(1)), 1);
    if (root === 'index' && keys.length === 1) return { schema: { type: 'integer' } };
    if (root === 'results') return shifted(lookUp({ type: 'array' }, keys.slice(1)), 1);
    const known = root === 'steps' ? this.#outputs.get(String(id)) : undefined;
    return known === undefined ? { schema: undefined } : shifted(lookUpOutput(known, rest), 3);
  }

  #badRoot(root: string, rest: readonly PathKey[]): BadReference {
    const step = this.#outputs.has(root) ? [root] : [];
    const known = this.#roots.map((name) => `$.${name}`).join(', ');
    const meant =
      step.length > 0
        ? `steps.${[root, 'output', ...(rest[0] === 'output' ? rest.slice(1) : rest)].join('.')}`
        : this.#reading.suggest(root, this.#roots);
    return {
      message: `there is no $.${root} here, but ${known}`,
      suggestion: meant && `$.${meant}`,
    };
  }

  #badStep([id, part, ...rest]: readonly PathKey[]): BadReference | undefined {
    const name = String(id);
    if (id === undefined) return { message: 'it does not say which step', suggestion: '$.steps.<id>.output' };
    if (!this.#outputs.has(name))
      return {
        message: `there is no step ${name}`,
        suggestion: this.#reading.suggest(name, this.#outputs.keys()),
      };
    if (name === this.#self && !this.#isAmbiguous(name))
      return { message: `${name} cannot read its own output` };
    if (part !== 'output')
      return {
        message: 'of a step, there is only its output to read',
        suggestion: `$.steps.${[name, 'output', ...(part === undefined ? [] : [part]), ...rest].join('.')}`,
      };
    return this.#badLookup(this.#lookUp(['steps', name, 'output', ...rest]), [
      'steps',
      name,
      'output',
      ...rest,
    ]);
  }

  #isAmbiguous(id: string): boolean {
    return this.#outputs.get(id)?.ambiguous === true;
  }

  #badLookup(lookup: Lookup, keys: readonly PathKey[]): BadReference | undefined {
    if (lookup.missing === undefined) return undefined;
    const holder = `$.${keys.slice(0, lookup.missing).join('.')}`;
    const key = String(keys[lookup.missing]);
    const known = lookup.names.length === 0 ? '' : `; it has ${lookup.names.slice(0, 12).join(', ')}`;
    const suggestion = this.#reading.suggest(key, lookup.names);
    const meant = suggestion && `$.${keys.with(lookup.missing, suggestion).join('.')}`;
    return { message: `${holder} has no ${key}${suggestion === undefined ? known : ''}`, suggestion: meant };
  }
}

/** What a path leads to in what a step gives: it is there if one of those who may have given it has it. */
function lookUpOutput({ schemas, list }: KnownOutput, keys: readonly PathKey[]): Lookup {
  const found = schemas.map((schema) =>
    lookUp(list ? { type: 'array', ...(schema && { items: withRoot(schema) }) } : schema, keys),
  );
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only;
  if (found.every(({ missing }) => missing !== undefined) && only !== undefined) return only;
  const schemasFound = found.flatMap((lookup) => (lookup.missing === undefined ? [lookup.schema] : []));
  return { schema: schemasFound.includes(undefined) ? undefined : { anyOf: schemasFound } };
}

/** A list's items may refer to definitions that stand in the schema of one: those are left open. */
function withRoot(schema: JsonSchema): JsonSchema {
  return asSchema(schema.$defs) === undefined ? schema : {};
}

function shifted(lookup: Lookup, by: number): Lookup {
  return lookup.missing === undefined ? lookup : { ...lookup, missing: lookup.missing + by };
}
