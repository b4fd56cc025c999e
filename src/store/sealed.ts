import { crc32 } from 'node:zlib';
import { StoreCorruptError } from './errors.ts';
import { unpack } from './pack.ts';

/** A text that was packed, and its checksum. */
export interface Sealed {
  readonly body: string;
  readonly sum: number;
}

/** The checksum of a text; `before` is that of what comes before it. */
export function sumOf(text: string, before = 0): number {
  return crc32(text, before);
}

/** The value of a packed text. Errors: `StoreCorruptError` when the text is not the one that was written. */
export function unseal<T>(what: string, { body, sum }: Sealed): T {
  if (sumOf(body) !== sum) throw new StoreCorruptError(`${what} is not as it was written`);
  return unpack<T>(what, body);
}
