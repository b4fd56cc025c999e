import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('afinn-165-multilingual/package.json'));
const lexicons = new Map<string, Lexicon>();

export interface Lexicon {
  /** The valence of a word, -5 to 5; an ending that differs by one letter is forgiven. 0: unknown. */
  valenceOf(word: string): number;
}

/**
 * Reads the AFINN word list of a language; once, then from memory.
 *
 * Source: afinn-165-multilingual, MIT: AFINN-165 (Finn Årup Nielsen), machine-translated from English. The
 * package's index would load a hundred languages, so its files are read one by one; a language without a file
 * is the caller's mistake and throws Node's own error.
 */
export function readLexicon(language: string): Lexicon {
  const known = lexicons.get(language);
  if (known) return known;
  const table: unknown = require(join(folder, 'build', `AFINN-${language}.json`));
  const lexicon = toLexicon(table, language === 'en' ? 1 : 4);
  lexicons.set(language, lexicon);
  return lexicon;
}

/**
 * Translated words of three letters and less are mostly grammar (`like` became `als` and `как`): they are
 * left out.
 */
function toLexicon(table: unknown, minLength: number): Lexicon {
  const words = new Map<string, number>();
  const stems = new Map<string, number>();
  for (const [key, value] of Object.entries(table ?? {})) {
    const valence: unknown = value;
    const word = key.normalize('NFC').toLowerCase();
    if (typeof valence !== 'number' || word.length < minLength || !/^\p{L}+$/u.test(word)) continue;
    words.set(word, valence);
    addStem(stems, word, valence);
  }
  return {
    valenceOf: (word) =>
      words.get(word) ?? stems.get(word) ?? words.get(cut(word)) ?? stems.get(cut(word)) ?? 0,
  };
}

function addStem(stems: Map<string, number>, word: string, valence: number): void {
  const stem = cut(word);
  const other = stems.get(stem) ?? valence;
  if (stem !== '') stems.set(stem, Math.sign(other) === Math.sign(valence) ? valence : 0);
}

function cut(word: string): string {
  return word.length > 4 ? word.slice(0, -1) : '';
}
