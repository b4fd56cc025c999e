import type { Provider } from '../../text/provider-table.ts';
import { defined } from '../defined.ts';
import { referencesOf } from '../expression/references.ts';
import type { Expression, PathKey } from '../expression/tree.ts';
import { mappingExpressions } from '../mapping/mapping-expressions.ts';
import { parseMapping } from '../mapping/parse-mapping.ts';
import type { Mapping } from '../mapping/tree.ts';
import type { Skill, SkillRegistry } from '../registry/skill-registry.ts';
import type { Definition } from '../schema/definition-schema.ts';
import { unsaid } from '../schema/prune.ts';
import type { Fallback, InnerStep } from '../schema/step-schema.ts';
import type { Located } from '../source/located.ts';
import type { Reading } from '../source/reading.ts';
import { misfits } from './fit.ts';
import type { PlannedRetry, PlannedWork } from './plan.ts';
import { Preferences } from './preferences.ts';
import { schemaMisfits } from './schema-misfits.ts';
import type { ReadingScope } from './scope.ts';
import { typeFlaws } from './type-flaws.ts';

/** What is planned, and where what is wrong with it is told. */
export interface Planning {
  readonly definition: Definition;
  readonly root: Located;
  readonly registry: SkillRegistry;
  readonly reading: Reading;
  /** Whom texts speak of. */
  readonly providers?: readonly Provider[] | undefined;
}

/** A field of a step, or of a step in it. */
export type WorkFields = Omit<InnerStep, 'description'>;

/** What a skill runs on where it has no input of its own. */
export interface GivenInput {
  /** It tells what it was made of. */
  readonly known: boolean;
  /** Where it was made by a mapping. */
  readonly input?: Mapping | undefined;
}

/** Plans what runs one skill, and tells what is wrong with it. */
export class WorkPlanner {
  readonly #planning: Planning;
  readonly #preferences: Preferences;
  /** The steps whose outputs have been read so far. */
  readonly reads = new Set<string>();

  constructor(planning: Planning) {
    this.#planning = planning;
    this.#preferences = preferencesOf(planning);
  }

  /**
   * @param path where it is in the file
   * @param given what it runs on where it has no input of its own
   */
  plan(
    fields: WorkFields,
    path: readonly PathKey[],
    scope: ReadingScope,
    given: GivenInput = { known: true },
  ): PlannedWork | undefined {
    const skill = this.skillOf(fields, path);
    const input =
      fields.input === undefined ? undefined : this.mapping(fields.input, [...path, 'input'], scope);
    if (skill !== undefined && input !== undefined) this.#fit(input, skill, [...path, 'input'], scope);
    const known = isKnown(input, given.known);
    const around = { known, input: input ?? given.input };
    const fallbacks = this.#fallbacks(fields.fallback, [...path, 'fallback'], scope, around);
    if (skill === undefined) return undefined;
    const { defaults } = this.#planning.definition;
    const { retry = defaults?.retry, timeout = defaults?.timeout, cache = defaults?.cache, budget } = fields;
    return {
      id: fields.id ?? skill.name,
      skill,
      input,
      retry: this.#retry(retry),
      timeout,
      cache: cache === false || cache === undefined ? undefined : defined(cache === true ? {} : cache),
      budget:
        budget === undefined ? undefined : defined(typeof budget === 'number' ? { usd: budget } : budget),
      fallbacks,
    };
  }

  /** The skill of a name, or a problem. */
  skillOf({ uses, provider }: WorkFields, path: readonly PathKey[]): Skill | undefined {
    const { registry, reading, root } = this.#planning;
    if (uses === unsaid) return undefined;
    const named = registry.named(uses);
    if (named.length === 0) {
      this.#noSkill(uses, [...path, 'uses']);
      return undefined;
    }
    if (provider !== undefined) {
      const found = named.find((skill) => skill.provider === provider);
      if (found !== undefined) return found;
      const providers = named.flatMap((skill) => skill.provider ?? []);
      const known = providers.length === 0 ? 'it has none' : `there is ${providers.join(', ')}`;
      const message = `there is no provider ${provider} of ${uses}; ${known}`;
      reading.at(root, [...path, 'provider'], message, reading.suggest(provider, providers));
      return named[0];
    }
    return this.#preferences.find(uses);
  }

  /** A mapping whose flaws and bad references are told. */
  mapping(given: unknown, path: readonly PathKey[], scope: ReadingScope): Mapping {
    const { reading, root } = this.#planning;
    const { mapping, flaws } = parseMapping(given);
    for (const { path: inside, flaw, inKey } of flaws) {
      const place = [...path, ...inside];
      if (inKey === true) reading.atKey(root, place, flaw.message, flaw.suggestion);
      else reading.inside(root, place, flaw);
    }
    for (const { path: inside, expression, source, at: from } of mappingExpressions(mapping))
      this.read(expression, source, { path: [...path, ...inside], from, scope });
    return mapping;
  }

  /**
   * Takes note of what an expression reads, and tells what is wrong with that.
   *
   * @param place its text, where that begins in the value there, and what can be read there
   */
  read(
    expression: Expression,
    source: string,
    {
      path,
      from,
      scope,
    }: { readonly path: readonly PathKey[]; readonly from: number; readonly scope: ReadingScope },
  ): void {
    const { reading, root } = this.#planning;
    for (const reference of referencesOf(expression)) {
      const { keys, at, length } = reference;
      if (keys[0] === 'steps' && keys[1] !== undefined) this.reads.add(String(keys[1]));
      const bad = scope.check(reference);
      if (bad !== undefined) reading.inside(root, path, { ...bad, at: from + at, length });
    }
    for (const flaw of typeFlaws(expression, source, (keys) => scope.schemaOf(keys)))
      reading.inside(root, path, { ...flaw, at: from + flaw.at });
  }

  #fit(mapping: Mapping, skill: Skill, path: readonly PathKey[], scope: ReadingScope): void {
    const { reading, root } = this.#planning;
    const found = misfits(mapping, skill.input ?? {}, (keys) => scope.schemaOf(keys));
    const more = skill.schema === undefined ? [] : schemaMisfits(mapping, skill.schema, found);
    for (const { path: inside, message, suggestion, inKey } of [...found, ...more]) {
      const said = `${message} (for ${skill.name})`;
      if (inKey === true) reading.atKey(root, [...path, ...inside], said, suggestion);
      else reading.at(root, [...path, ...inside], said, suggestion);
    }
  }

  /**
   * What is mapped in the place of a step that has begun must find what that step's input was made of, which is remembered by
   * that input: it must be a record or a list of its own.
   */
  refuseUnrelated(inner: PlannedWork, path: readonly PathKey[]): void {
    if (inner.input === undefined || !readsAny(inner.input)) return;
    const { reading, root } = this.#planning;
    reading.at(
      root,
      [...path, 'input'],
      'this can have an input of its own only where the input of the step around it is a record, such as { text: $.input.text }',
    );
  }

  #fallbacks(
    fallback: Fallback | undefined,
    path: readonly PathKey[],
    scope: ReadingScope,
    given: GivenInput,
  ): PlannedWork[] {
    if (fallback === undefined) return [];
    const several = typeof fallback !== 'string' && 'length' in fallback;
    return (several ? fallback : [fallback]).flatMap((one, i) => {
      const place = several ? [...path, i] : path;
      const planned = this.inner(one, place, scope, given);
      if (planned === undefined) return [];
      if (!given.known) this.refuseUnrelated(planned, place);
      if (planned.input === undefined && given.input !== undefined)
        this.fitGiven(planned, typeof one === 'string' ? place : [...place, 'uses'], given.input, scope);
      return planned;
    });
  }

  /** Tells where a skill cannot take what it is given because it has no input of its own. */
  fitGiven({ skill }: PlannedWork, path: readonly PathKey[], input: Mapping, scope: ReadingScope): void {
    if (skill.input === undefined) return;
    const [first] = misfits(input, skill.input, (keys) => scope.schemaOf(keys));
    if (first === undefined) return;
    const { reading, root } = this.#planning;
    const field = first.inKey === true ? '' : first.path.map((key) => `${key}: `).join('');
    reading.at(
      root,
      path,
      `${skill.name} has no input of its own here, and cannot take what it is given: ${field}${first.message}`,
    );
  }

  /** A step in a step, which may be only the name of a skill. */
  inner(
    work: string | InnerStep,
    path: readonly PathKey[],
    scope: ReadingScope,
    given?: GivenInput,
  ): PlannedWork | undefined {
    if (typeof work !== 'string') return this.plan(work, path, scope, given);
    const { registry } = this.#planning;
    if (registry.named(work).length > 0) return this.plan({ uses: work }, path, scope);
    this.#noSkill(work, path);
    return undefined;
  }

  #noSkill(name: string, path: readonly PathKey[]): void {
    const { reading, root, registry } = this.#planning;
    const suggestion = reading.suggest(name, registry.names);
    const known = suggestion === undefined ? `; ${someOf(registry.names)}` : '';
    reading.at(root, path, `there is no skill ${name}${known}`, suggestion);
  }

  #retry(retry: WorkFields['retry']): PlannedRetry | undefined {
    if (retry !== undefined) return defined(typeof retry === 'number' ? { maxRetries: retry } : retry);
    return actionOf(this.#planning.definition) === 'retry' ? { maxRetries: 1 } : undefined;
  }
}

/** The first names, and where the others are found. */
function someOf(names: readonly string[]): string {
  if (names.length === 0) return 'none is registered';
  const shown = names.slice(0, maxNames).join(', ');
  const more = names.length - maxNames;
  return more > 0 ? `there are ${shown} and ${more} more, which "tutti skills" lists` : `there are ${shown}`;
}

/** How many skills are named where none is like what was written. */
const maxNames = 8;

function readsAny(input: Mapping): boolean {
  return mappingExpressions(input).some(({ expression }) => referencesOf(expression).length > 0);
}

/** Whether an input tells what it was made of: one that is made for the step does. */
export function isKnown(input: Mapping | undefined, otherwise: boolean): boolean {
  return input === undefined ? otherwise : input.kind === 'record' || input.kind === 'list';
}

/** Which providers a file prefers. */
export function preferencesOf({ definition, registry, providers }: Planning): Preferences {
  return new Preferences(definition, registry, providers);
}

/** What a failure means to the workflow. */
export function actionOf({ onError, failFast }: Definition): 'continue' | 'abort' | 'retry' {
  if (onError !== undefined) return typeof onError === 'string' ? onError : onError.action;
  return failFast === false ? 'continue' : 'abort';
}
