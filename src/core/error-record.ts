import { TuttiError, textOf } from './errors.ts';

/** An error as data: what events say of it, on this machine and on the wire. */
export interface ErrorRecord {
  readonly name: string;
  /** A `TuttiError`'s code, else the error's own string `code`, else `STEP_FAILED`. */
  readonly code: string;
  readonly message: string;
  readonly cause?: ErrorRecord;
}

/** How many causes deep a record goes; deeper causes are left out. */
const maxCauses = 8;

const originals = new WeakMap<ErrorRecord, unknown>();

/** Writes an error down as data, remembering the original for {@link originalError}. */
export function toErrorRecord(error: unknown): ErrorRecord {
  const record = describe(error, maxCauses);
  originals.set(record, error);
  return record;
}

/** The error that a record was made from in this process, or `undefined` for one that came off a wire. */
export function originalError(record: ErrorRecord): unknown {
  return originals.get(record);
}

function describe(error: unknown, causes: number): ErrorRecord {
  if (!(error instanceof Error)) return { name: 'Error', code: 'STEP_FAILED', message: textOf(error) };
  const facts = { name: read(error, 'name') ?? 'Error', code: codeOf(error), message: messageOf(error) };
  if (error.cause === undefined || causes === 0) return facts;
  return { ...facts, cause: describe(error.cause, causes - 1) };
}

function codeOf(error: Error): string {
  return (error instanceof TuttiError ? error.code : read(error, 'code')) ?? 'STEP_FAILED';
}

function messageOf(error: Error): string {
  const message = read(error, 'message') ?? '';
  return message === '' && error instanceof AggregateError ? error.errors.map(textOf).join('; ') : message;
}

/** A text that an error holds, whatever its getters do. */
function read(error: Error, key: 'name' | 'code' | 'message'): string | undefined {
  try {
    const value: unknown = Reflect.get(error, key);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
