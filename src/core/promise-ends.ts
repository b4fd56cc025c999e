/** Who waits for a promise. */
export interface Awaiting {
  resolved(value: unknown): void;
  rejected(error: unknown): void;
}

/** How many are kept for later promises: as many as a busy map waits for. */
const spareLimit = 64;
const spare: PromiseEnds[] = [];

/**
 * The two callbacks that a promise is given. They are made once and serve promise after promise, which saves most of what
 * waiting for one costs beside the promise itself: only for promises of the language, which call back once.
 */
class PromiseEnds {
  who: Awaiting | undefined = undefined;

  readonly resolved = (value: unknown): void => this.free()?.resolved(value);
  readonly rejected = (error: unknown): void => this.free()?.rejected(error);

  private free(): Awaiting | undefined {
    const { who } = this;
    this.who = undefined;
    if (spare.length < spareLimit) spare.push(this);
    return who;
  }
}

/** Calls back when a promise ends. */
export function awaitPromise(promise: Promise<unknown>, who: Awaiting): void {
  const ends = spare.pop() ?? new PromiseEnds();
  ends.who = who;
  Promise.prototype.then.call(promise, ends.resolved, ends.rejected);
}
