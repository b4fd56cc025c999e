/** A place in a test where something was expected, for a later failure to point at. */
export class CallSite {
  readonly #frames: string;

  /** The place that called `callee`. */
  constructor(callee: (...args: never[]) => unknown) {
    const captured = { stack: '' };
    Error.captureStackTrace(captured, callee);
    this.#frames = captured.stack.slice(captured.stack.indexOf('\n'));
  }

  /** Calls a function; an error that it throws seems to come from this place. */
  blame(body: () => void): void {
    try {
      body();
    } catch (error) {
      if (error instanceof Error) error.stack = `${error.name}: ${error.message}${this.#frames}`;
      throw error;
    }
  }
}
