/** How a handler failed. */
export interface Failed {
  readonly error: unknown;
  /** How often it has failed since it last succeeded, this time included. */
  readonly failuresInARow: number;
  /** It will not be called again. */
  readonly dropped: boolean;
}

/** One handler of an {@link eventBus}, and how it fares. */
export class BusListener<E> {
  readonly #handler: (event: E) => unknown;
  readonly #maxFailures: number;
  readonly #drop: () => void;
  #failuresInARow = 0;
  /** It is not called any more. */
  closed = false;

  constructor(handler: (event: E) => unknown, maxFailures: number, drop: () => void) {
    this.#handler = handler;
    this.#maxFailures = maxFailures;
    this.#drop = drop;
  }

  /** Calls the handler. Gives how it failed, if it did; a promise only where the handler gave one. */
  hear(event: E): Failed | undefined | Promise<Failed | undefined> {
    try {
      const result = this.#handler(event);
      if (isThenable(result))
        return Promise.resolve(result).then(
          () => this.#succeeded(),
          (error: unknown) => this.#failed(error),
        );
    } catch (error) {
      return this.#failed(error);
    }
    return this.#succeeded();
  }

  #succeeded(): undefined {
    this.#failuresInARow = 0;
  }

  #failed(error: unknown): Failed {
    const failuresInARow = ++this.#failuresInARow;
    const dropped = failuresInARow >= this.#maxFailures && !this.closed;
    if (dropped) this.#drop();
    return { error, failuresInARow, dropped };
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
