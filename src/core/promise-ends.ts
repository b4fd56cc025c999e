/** What a promise ends: whatever waits for it now. */
export interface Awaited {
  readonly going: { resolved(value: unknown): void; rejected(error: unknown): void } | undefined;
}

/**
 * The two callbacks that a promise is given. They are made once for whoever runs bodies, and serve one promise after another,
 * which saves most of what waiting for one costs beside the promise itself: only for promises of the language, which call
 * back once.
 */
export class PromiseEnds {
  readonly resolved: (value: unknown) => void;
  readonly rejected: (error: unknown) => void;

  constructor(awaited: Awaited) {
    this.resolved = (value) => awaited.going?.resolved(value);
    this.rejected = (error) => awaited.going?.rejected(error);
  }
}
