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

/** The text, when it is the one that was written. Errors: `StoreCorruptError`. */
export function checked(what: string, { body, sum }: Sealed, before = 0): string {
  if (sumOf(body, before) === sum) return body;
  throw new StoreCorruptError(`${what} is not as it was written`);
}

/** The value of a packed text. Errors: `StoreCorruptError` when the text is not the one that was written. */
export function unseal<T>(what: string, sealed: Sealed): T {
  return unpack<T>(what, checked(what, sealed));
}
