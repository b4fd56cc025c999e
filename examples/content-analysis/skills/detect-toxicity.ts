import naughtyWords from 'naughty-words';
import { hasSpacedWords, splitWords } from './split-words.ts';
import { UnsupportedLanguageError } from './unsupported-language-error.ts';

const lists: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(naughtyWords));

export interface Toxicity {
  readonly label: 'clean' | 'mild' | 'toxic';
  /** Listed words and phrases in 1,000 words of text; 10 and more is called toxic. */
  readonly perThousandWords: number;
  /** The listed words found, each once. */
  readonly words: readonly string[];
}

/**
 * Looks for the words of a public list of offensive words. A list knows no context: it finds `sex` in a law
 * and misses an insult in kind words.
 *
 * Languages: ar, cs, da, de, en, eo, es, fa, fi, fil, fr, hi, hu, it, kab, ko, nl, no, pl, pt, ru, sv, tlh,
 * tr.
 *
 * Errors: {@link UnsupportedLanguageError} for every other, also for Japanese, Thai and Chinese: they have a
 * list, but without spaces a listed word is found inside innocent ones.
 *
 * Source: naughty-words, CC BY 4.0 (the List of Dirty, Naughty, Obscene and Otherwise Bad Words).
 */
export function detectToxicity(text: string, language: string): Toxicity {
  const list = lists.get(language);
  if (!list || !hasSpacedWords(language)) throw new UnsupportedLanguageError('detectToxicity', language);
  const words = splitWords(text);
  const haystack = ` ${words.join('  ')} `;
  const found = new Map<string, number>();
  for (const entry of list) {
    const needle = ` ${splitWords(entry).join('  ')} `;
    const times = needle.trim() === '' ? 0 : haystack.split(needle).length - 1;
    if (times > 0) found.set(entry.toLowerCase(), times);
  }
  const total = [...found.values()].reduce((sum, times) => sum + times, 0);
  const rate = (1_000 * total) / Math.max(1, words.length);
  const label = rate >= 10 ? 'toxic' : rate > 0 ? 'mild' : 'clean';
  return { label, perThousandWords: Math.round(rate * 10) / 10, words: [...found.keys()] };
}
