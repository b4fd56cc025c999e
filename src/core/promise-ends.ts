/** Who waits for promises, one after another. */
export interface Awaiting {
  resolved(value: unknown): void;
  rejected(error: unknown): void;
}

/**
 * The two callbacks that a promise is given. They are made once for who waits, and serve promise after promise, which saves
 * much of what waiting for one costs beside the promise itself: only for promises of the language, which call back once.
 */
export class PromiseEnds {
  readonly resolved: (value: unknown) => void;
  readonly rejected: (error: unknown) => void;

  constructor(who: Awaiting) {
    this.resolved = (value) => who.resolved(value);
    this.rejected = (error) => who.rejected(error);
  }
}

/** A promise of the language, as it is. */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise && value.then === Promise.prototype.then;
}
