import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { encode } from '../core/codec.ts';

/** SHA-256 of a value as it is written down, in hexadecimal; nothing for one that cannot be. */
export function hashOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : bytesToHex(sha256(utf8ToBytes(text)));
}

/** Two values are written down alike. */
export function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || textOf(a) === textOf(b);
}

function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(encode(value));
  } catch {
    return undefined;
  }
}
