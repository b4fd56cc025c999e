import nlp from 'compromise';
import type { Entities } from './entities.ts';
import { extractPatterns } from './extract-patterns.ts';
import { UnsupportedLanguageError } from './unsupported-language-error.ts';

/**
 * Finds the people, places and organisations of an English text by rules and word lists, and with
 * {@link extractPatterns} its dates, addresses and sums. About 10 ms per 1,000 characters; long texts go in
 * passages.
 *
 * Errors: {@link UnsupportedLanguageError} for any language but English; `extractPatterns` works for all.
 *
 * Source: compromise, MIT.
 */
export function extractEntities(text: string, language: string): Entities {
  if (language !== 'en') throw new UnsupportedLanguageError('extractEntities', language);
  const document = nlp(text);
  return {
    ...extractPatterns(text, language),
    names: [],
    people: toNames(document.people().out('array')),
    places: toNames(document.places().out('array')),
    organisations: toNames(document.organizations().out('array')),
  };
}

/** Without the punctuation and possessive around them; a name has a capital letter. */
function toNames(found: readonly string[]): readonly string[] {
  const names = found.map((name) =>
    name
      .replace(/["“”]|^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
      .replace(/['’]s$/u, '')
      .replace(/\s+/gu, ' '),
  );
  return [...new Set(names.filter((name) => /^\p{Lu}/u.test(name)))];
}
