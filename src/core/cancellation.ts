import { RunCancelledError } from './errors.ts';

/** Why something is being ended from outside; the error for signals is made when first asked for. */
export class Cancellation {
  readonly reason: string;
  #error: Error | undefined;

  constructor(reason: string, error?: Error) {
    this.reason = reason;
    this.#error = error;
  }

  get error(): Error {
    this.#error ??= new RunCancelledError(this.reason);
    return this.#error;
  }
}
