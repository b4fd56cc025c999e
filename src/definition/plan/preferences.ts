import type { Provider } from '../../text/provider-table.ts';
import type { Skill, SkillRegistry } from '../registry/skill-registry.ts';
import type { Definition } from '../schema/definition-schema.ts';
import type { Located } from '../source/located.ts';
import type { Reading } from '../source/reading.ts';

/** How many names a message lists. */
const maxListed = 8;

/** Which providers a file prefers, and for which skills. */
export class Preferences {
  readonly #definition: Definition;
  readonly #registry: SkillRegistry;
  readonly #table: readonly Provider[];

  /** @param table whom texts speak of */
  constructor(definition: Definition, registry: SkillRegistry, table: readonly Provider[] = []) {
    this.#definition = definition;
    this.#registry = registry;
    this.#table = table;
  }

  /** The skill of a name: of several, that of the provider that is preferred. */
  find(name: string): Skill | undefined {
    const tags = this.#registry.named(name).flatMap((skill) => skill.tags);
    const preferred = this.#preferred(tags).flatMap((one) => [one, this.#idOf(one) ?? one]);
    return this.#registry.find(name, preferred);
  }

  /** Whom a skill that has no provider of its own is told to take, where the text names none. */
  toldTo({ provider, tags }: Skill): string | undefined {
    if (provider !== undefined) return undefined;
    return this.#preferred(tags)
      .map((name) => this.#idOf(name))
      .find((id) => id !== undefined);
  }

  /** Tells of providers that there are not. A kind of work that no skill has as a tag is left alone: skills may come. */
  check(root: Located, reading: Reading): void {
    const { defaults, providers = {} } = this.#definition;
    if (defaults?.provider !== undefined)
      this.#checkName(defaults.provider, ['defaults', 'provider'], root, reading);
    for (const [kind, { preferredProviders }] of Object.entries(providers))
      for (const [i, name] of preferredProviders.entries())
        this.#checkName(name, ['providers', kind, 'preferredProviders', i], root, reading);
  }

  #checkName(name: string, path: readonly (string | number)[], root: Located, reading: Reading): void {
    const known = new Set([
      ...this.#registry.providers,
      ...this.#table.flatMap(({ name: own, id = own, aliases = [] }) => [id, own, ...aliases]),
    ]);
    if (known.has(name)) return;
    const suggestion = reading.suggest(name, known);
    const listed = [...known].slice(0, maxListed).join(', ');
    const all = `; there are ${listed}${known.size > maxListed ? ' and others' : ''}`;
    const hint = known.size === 0 ? '; no skill has one' : suggestion === undefined ? all : '';
    reading.at(root, path, `there is no provider ${name}${hint}`, suggestion);
  }

  #preferred(tags: readonly string[]): string[] {
    const { defaults, providers } = this.#definition;
    return [
      ...(defaults?.provider === undefined ? [] : [defaults.provider]),
      ...tags.flatMap((tag) => providers?.[tag]?.preferredProviders ?? []),
    ];
  }

  /** What a provider of the table is called by skills. */
  #idOf(name: string): string | undefined {
    const found = this.#table.find(
      ({ name: own, id, aliases = [] }) => name === own || name === id || aliases.includes(name),
    );
    return found && (found.id ?? found.name);
  }
}
