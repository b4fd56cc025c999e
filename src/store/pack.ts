import { utf8ToBytes } from '@noble/hashes/utils.js';
import { decode, encode, type Json } from '../core/codec.ts';
import type { RunEvent } from '../core/events.ts';
import { StoreCorruptError, ValueTooLargeError } from './errors.ts';
import { eventText } from './event-text.ts';
import { sha256Of } from './sha256.ts';

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

/** Writes down, in the strict codec and up to a size. */
export interface Pack {
  /** Writes a value down; `what` says in an error where it belongs. Equal values are written alike. */
  value(what: string, value: unknown): string;
  /** Writes an event down as `eventText` does. */
  event(event: RunEvent): string;
}

/** Errors, of what it gives: `NonSerializableOutputError`, `ValueTooLargeError`. */
export function packer({ maxValueBytes = defaultMaxValueBytes }: StoreOptions): Pack {
  // A unit of UTF-16 takes up to 3 bytes: most texts need not be counted.
  const isShort = (text: string): boolean => text.length * 3 <= maxValueBytes;
  const checked = (text: string, what: string): string => {
    const bytes = utf8ToBytes(text).length;
    if (bytes > maxValueBytes) throw new ValueTooLargeError(what, bytes, maxValueBytes);
    return text;
  };
  return {
    value: (what, value) => {
      const text = JSON.stringify(encode(value));
      return isShort(text) ? text : checked(text, what);
    },
    event: (event) => {
      const text = eventText(event);
      return isShort(text) ? text : checked(text, `event ${event.seq}, ${event.type} of ${event.path}`);
    },
  };
}

/** The value that was written down. Errors: `StoreCorruptError` for what {@link packer} cannot have written. */
export function unpack<T>(what: string, text: string): T {
  return reading(what, () => {
    const json = JSON.parse(text) as Json;
    return (isCoded(text) ? decode(json) : json) as T;
  });
}

/** The values whose texts are a list in JSON. Errors: likewise. */
export function unpackEach(what: string, text: string): unknown[] {
  return reading(what, () => {
    const list = JSON.parse(text) as Json[];
    return isCoded(text) ? list.map(decode) : list;
  });
}

/** Whatever JSON has no word for has this in it; without, what was parsed is the value. */
function isCoded(text: string): boolean {
  return text.includes('"$type"');
}

function reading<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new StoreCorruptError(`${what} is not as it was written`, { cause });
  }
}

/** What an idempotency key stands for. */
export function hashInput(workflow: string, packedInput: string): string {
  return sha256Of(`${JSON.stringify(workflow)} ${packedInput}`);
}
