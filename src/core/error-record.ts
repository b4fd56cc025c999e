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
  const { name, message } = error;
  const code = codeOf(error);
  if (error.cause === undefined || causes === 0) return { name, code, message };
  return { name, code, message, cause: describe(error.cause, causes - 1) };
}

function codeOf(error: Error): string {
  if (error instanceof TuttiError) return error.code;
  return 'code' in error && typeof error.code === 'string' ? error.code : 'STEP_FAILED';
}
