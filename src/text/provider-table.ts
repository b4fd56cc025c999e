import { suggest } from '../problems/suggest.ts';
import { plainName } from './provider-phrase.ts';
import type { ProviderTier, TextProvider } from './tree.ts';

/** Who can do tasks, as texts speak of it. */
export interface Provider {
  /** As in `with GPT-4`; upper and lower case are the same. */
  readonly name: string;
  /** What tasks are told, such as `openai.gpt-4`; default the name. */
  readonly id?: string;
  readonly aliases?: readonly string[];
  /** As in `with cheap model`, or `with free local model` for one that has both. */
  readonly tiers?: readonly ProviderTier[];
}

/** Finds providers by what texts call them. */
export class ProviderTable {
  readonly #providers: readonly Provider[] | undefined;
  readonly #byName = new Map<string, Provider>();

  /** @param providers the first that fits is taken; without them, tiers are handed on as they are written */
  constructor(providers: readonly Provider[] | undefined) {
    this.#providers = providers;
    for (const provider of providers ?? []) {
      for (const name of [provider.name, ...(provider.aliases ?? [])]) {
        const plain = plainName(name);
        if (!this.#byName.has(plain)) this.#byName.set(plain, provider);
      }
    }
  }

  /** What providers are called, as it is spelled in the table. */
  names(): string[] {
    return (this.#providers ?? []).flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  }

  /** What a task is told of its provider, or what is wrong with that. */
  resolve(
    wanted: TextProvider,
  ): { readonly id: string } | { readonly message: string; readonly suggestion?: string | undefined } {
    if (wanted.type === 'tier') return this.#byTiers(wanted.tiers);
    const found = this.#byName.get(plainName(wanted.name));
    if (found !== undefined) return { id: found.id ?? found.name };
    const suggestion = suggest(wanted.name, this.names());
    return { message: `there is no provider ${JSON.stringify(wanted.name)}`, suggestion };
  }

  #byTiers(tiers: readonly ProviderTier[]): { readonly id: string } | { readonly message: string } {
    const words = tiers.join(' ');
    if (this.#providers === undefined) return { id: words };
    const found = this.#providers.find((provider) => tiers.every((tier) => provider.tiers?.includes(tier)));
    return found === undefined
      ? { message: `there is no ${words} provider` }
      : { id: found.id ?? found.name };
  }
}
