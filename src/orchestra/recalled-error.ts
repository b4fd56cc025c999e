import type { ErrorRecord } from '../core/error-record.ts';

/** An error as it was written down: its class is gone, its name, code, message and causes are as they were. */
export function recalledError({ name, code, message, cause }: ErrorRecord): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause: recalledError(cause) });
  return Object.defineProperties(error, {
    name: { value: name, configurable: true },
    code: { value: code, configurable: true, enumerable: true },
  });
}
