import { countText, type Readability, roundTenth } from './readability.ts';
import { hasSpacedWords } from './split-words.ts';
import { UnsupportedLanguageError } from './unsupported-language-error.ts';

/**
 * Measures readability without syllables: words per sentence, plus the percentage of words longer than six
 * letters. Made for Swedish, used for most languages with an alphabet: below 30 very easy, above 60 very
 * difficult.
 *
 * Errors: {@link UnsupportedLanguageError} for languages that do not separate words, such as Japanese.
 *
 * Source: LIX, Carl-Hugo Björnsson, Läsbarhet, 1968.
 */
export function measureLix(text: string, language: string): Readability {
  if (!hasSpacedWords(language)) throw new UnsupportedLanguageError('measureLix', language);
  const { words, sentences } = countText(text);
  const wordCount = Math.max(1, words.length);
  const longWords = words.filter((word) => word.length > 6).length;
  const wordsPerSentence = wordCount / sentences;
  const score = wordsPerSentence + (100 * longWords) / wordCount;
  return {
    formula: 'LIX, Björnsson 1968',
    score: roundTenth(score),
    level: toLevel(score),
    wordsPerSentence: roundTenth(wordsPerSentence),
  };
}

function toLevel(score: number): Readability['level'] {
  if (score < 30) return 'very easy';
  if (score < 40) return 'easy';
  if (score < 50) return 'medium';
  return score < 60 ? 'difficult' : 'very difficult';
}
