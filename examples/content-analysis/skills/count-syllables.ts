import { syllable } from 'syllable';

/** One match per syllable: exact for Russian and Turkish, near for the others. */
const nuclei: ReadonlyMap<string, RegExp> = new Map([
  ['de', /aa|ai|au|ee|ei|eu|ie|oo|äu|[aeiouyäöü]/gu],
  ['es', /[aeoáéíóú]|(?<![aeoáéíóúiu])[iuü]+(?![aeoáéíóúiu])/gu],
  ['fr', /[aeiouyàâäéèêëîïôöùûüÿœæ]+/gu],
  ['it', /[aeoàèéìòóù]|(?<![aeoàèéìòóùiu])[iu]+(?![aeoàèéìòóùiu])/gu],
  ['nl', /aai|eeu|ieu|oei|ooi|aa|au|ee|ei|eu|ie|ij|oe|oo|ou|ui|uu|[aeiouyéëïöü]/gu],
  ['pt', /ão|ãe|õe|[aeoáâãàéêíóôõú]|(?<![aeoáâãàéêíóôõúiu])[iu]+(?![aeoáâãàéêíóôõúiu])/gu],
  ['ru', /[аеёиоуыэюя]/gu],
  ['tr', /[aeıioöuüâîû]/gu],
]);

/**
 * Counts the syllables of lower-case words, at least one each. Languages: de, en, es, fr, it, nl, pt, ru, tr;
 * in any other a word counts as one.
 *
 * Source: syllable, MIT, for English; vowel groups for the others.
 */
export function countSyllables(words: readonly string[], language: string): number {
  const known = new Map<string, number>();
  let total = 0;
  for (const word of words) {
    const syllables = known.get(word) ?? countInWord(word, language);
    known.set(word, syllables);
    total += syllables;
  }
  return total;
}

function countInWord(word: string, language: string): number {
  if (language === 'en') return Math.max(1, syllable(word));
  const pattern = nuclei.get(language);
  const count = pattern ? (word.match(pattern)?.length ?? 0) : 1;
  const silent = language === 'fr' && count > 1 && /[^aeiouyàâéèêîïôùû]es?$/u.test(word) ? 1 : 0;
  return Math.max(1, count - silent);
}
