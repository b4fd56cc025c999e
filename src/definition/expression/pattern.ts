import { LRUCache } from 'lru-cache';
import { RE2JS, RE2JSException } from 're2js';

/** The longest pattern, in characters. */
const maxPattern = 500;

const compiled = new LRUCache<string, RE2JS>({ max: 200 });

/** What is wrong with a pattern, in words. */
export function checkPattern(pattern: string): string | undefined {
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RE2JSException) return `the pattern cannot be read: ${error.message}`;
    throw error;
  }
}

/**
 * Whether a pattern is found in a text, in a time that grows no faster than the text: RE2, which goes without
 * backreferences and lookaround. Unknown for a pattern that cannot be read.
 */
export function isMatch(text: string, pattern: string): boolean | undefined {
  try {
    return compile(pattern).matcher(text).find();
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}

function compile(pattern: string): RE2JS {
  if (pattern.length > maxPattern) throw new RE2JSException(`it is longer than ${maxPattern} characters`);
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = RE2JS.compile(pattern);
  compiled.set(pattern, made);
  return made;
}
