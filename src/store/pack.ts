import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { decode, encode, type Json } from '../core/codec.ts';
import { StoreCorruptError, ValueTooLargeError } from './errors.ts';

/** What every store can be told. */
export interface StoreOptions {
  /**
   * The clock of leases and signals, in milliseconds. Default: RxJS' `asyncScheduler`, which marble tests move; for PostgreSQL, that of
   * the database.
   */
  readonly clock?: { now(): number };
  /** How many bytes one event, journal entry or value of a run may take as written down. Default: 8 MiB. */
  readonly maxValueBytes?: number;
}

/** Large enough for a document with pictures, small enough for one process to hold many. */
const defaultMaxValueBytes = 8 * 2 ** 20;

/** Writes a value down. `what` says in an error where it belongs. */
export type Pack = (what: string, value: unknown) => string;

/** Writes values down in the strict codec, up to a size. */
export function packer({ maxValueBytes = defaultMaxValueBytes }: StoreOptions): Pack {
  return (what, value) => {
    const text = JSON.stringify(encode(value));
    // A unit of UTF-16 takes up to 3 bytes: most texts need not be counted.
    if (text.length * 3 <= maxValueBytes) return text;
    const bytes = utf8ToBytes(text).length;
    if (bytes > maxValueBytes) throw new ValueTooLargeError(what, bytes, maxValueBytes);
    return text;
  };
}

/** The value that was written down. Errors: `StoreCorruptError` for what {@link packer} cannot have written. */
export function unpack<T>(what: string, text: string): T {
  try {
    return decode(JSON.parse(text) as Json) as T;
  } catch (cause) {
    throw new StoreCorruptError(`${what} is not as it was written`, { cause });
  }
}

/** What an idempotency key stands for. */
export function hashInput(workflow: string, packedInput: string): string {
  return bytesToHex(sha256(utf8ToBytes(`${JSON.stringify(workflow)} ${packedInput}`)));
}
