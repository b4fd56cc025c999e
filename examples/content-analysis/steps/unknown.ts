import { recover } from 'tutti/operators';
import { UnsupportedLanguageError } from '../skills/unsupported-language-error.ts';

/** Says `undefined` where a language is not supported; other failures stay failures. */
export const orUnknown = recover((error): undefined => {
  if (error instanceof UnsupportedLanguageError) return undefined;
  throw error;
});
