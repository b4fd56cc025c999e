import { countSyllables } from './count-syllables.ts';
import { countText, type Readability, roundTenth } from './readability.ts';
import { UnsupportedLanguageError } from './unsupported-language-error.ts';

interface Formula {
  readonly name: string;
  readonly base: number;
  readonly perSentenceWord: number;
  readonly perSyllable: number;
}

/** Flesch's reading ease as refitted for each language; the year is that of the publication. */
const formulas: ReadonlyMap<string, Formula> = new Map([
  ['de', { name: 'Amstad 1978', base: 180, perSentenceWord: 1, perSyllable: 58.5 }],
  ['en', { name: 'Flesch 1948', base: 206.835, perSentenceWord: 1.015, perSyllable: 84.6 }],
  ['es', { name: 'Fernández Huerta 1959', base: 206.84, perSentenceWord: 1.02, perSyllable: 60 }],
  ['fr', { name: 'Kandel and Moles 1958', base: 207, perSentenceWord: 1.015, perSyllable: 73.6 }],
  ['it', { name: 'Franchina and Vacca 1986', base: 217, perSentenceWord: 1.3, perSyllable: 60 }],
  ['nl', { name: 'Douma 1960', base: 206.84, perSentenceWord: 0.93, perSyllable: 77 }],
  ['pt', { name: 'Martins et al. 1996', base: 248.835, perSentenceWord: 1.015, perSyllable: 84.6 }],
  ['ru', { name: 'Oborneva 2006', base: 206.835, perSentenceWord: 1.3, perSyllable: 60.1 }],
  ['tr', { name: 'Ateşman 1997', base: 198.825, perSentenceWord: 2.61, perSyllable: 40.175 }],
]);

/**
 * Measures how easy a text is to read, by the length of its sentences and words: about 0 (hard) to 100
 * (easy).
 *
 * Languages: de, en, es, fr, it, nl, pt, ru, tr, each with its own formula; scores do not compare across
 * languages.
 *
 * Errors: {@link UnsupportedLanguageError} for every other language; `measureLix` works for more.
 */
export function measureReadability(text: string, language: string): Readability {
  const formula = formulas.get(language);
  if (!formula) throw new UnsupportedLanguageError('measureReadability', language);
  const { words, sentences } = countText(text);
  const wordCount = Math.max(1, words.length);
  const syllables = countSyllables(words, language);
  const wordsPerSentence = wordCount / sentences;
  const score =
    formula.base - formula.perSentenceWord * wordsPerSentence - formula.perSyllable * (syllables / wordCount);
  return {
    formula: formula.name,
    score: roundTenth(score),
    level: toLevel(score),
    wordsPerSentence: roundTenth(wordsPerSentence),
  };
}

function toLevel(score: number): Readability['level'] {
  if (score >= 80) return 'very easy';
  if (score >= 65) return 'easy';
  if (score >= 50) return 'medium';
  return score >= 30 ? 'difficult' : 'very difficult';
}
