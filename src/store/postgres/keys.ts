import { utf8ToBytes } from '@noble/hashes/utils.js';
import { ValueTooLargeError } from '../errors.ts';

/** What stands in an index has less room than what does not: a page holds three. */
const mostKeyBytes = 2000;

/** Errors: `ValueTooLargeError` for what has no room in an index. */
export function checkKeys(keys: Readonly<Record<string, string | undefined>>): void {
  for (const [what, key = ''] of Object.entries(keys)) {
    if (key.length * 3 <= mostKeyBytes) continue;
    const { length } = utf8ToBytes(key);
    if (length > mostKeyBytes) throw new ValueTooLargeError(what, length, mostKeyBytes);
  }
}
