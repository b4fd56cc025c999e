import type { ProviderTier, TextProvider } from './tree.ts';

const tiers: readonly string[] = ['cheap', 'expensive', 'free', 'local'] satisfies ProviderTier[];

/** The names of providers that a text may use, ready to be looked for at the end of tasks. */
export class KnownProviders {
  readonly #names: ReadonlySet<string>;
  /** How many words a phrase has at most, with `with` or `use`. */
  readonly #maxWords: number;

  constructor(names: Iterable<string>) {
    const plain = Array.from(names, plainName);
    this.#names = new Set(plain);
    const longest = plain.reduce((most, name) => Math.max(most, name.split(' ').length), 0);
    this.#maxWords = 1 + Math.max(longest, tiers.length + 1);
  }

  /** The longest phrase that ends a task and names a provider: `with GPT-4`, `using cheap model`, `use local provider`. */
  phraseAtEndOf(
    words: readonly string[],
  ): { readonly provider: TextProvider; readonly words: number } | undefined {
    for (let index = Math.max(0, words.length - this.#maxWords); index < words.length - 1; index++) {
      if (!/^(?:with|using|use)$/i.test(words[index] ?? '')) continue;
      const phrase = words.slice(index).join(' ');
      const provider = this.#providerOf(words.slice(index + 1), phrase);
      if (provider !== undefined) return { provider, words: words.length - index };
    }
    return undefined;
  }

  #providerOf(words: readonly string[], phrase: string): TextProvider | undefined {
    const name = words.join(' ');
    if (this.#names.has(plainName(name))) return { type: 'named', name, phrase };
    const found = words.slice(0, -1).map((word) => word.toLowerCase());
    const isKind = /^(?:provider|model)$/i.test(words.at(-1) ?? '');
    if (!isKind || found.length === 0 || !found.every(isTier)) return undefined;
    return { type: 'tier', tiers: [...new Set(found)], phrase };
  }
}

/** A provider's name for comparing: upper and lower case and the width of spaces do not count. */
export function plainName(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

function isTier(word: string): word is ProviderTier {
  return tiers.includes(word);
}
