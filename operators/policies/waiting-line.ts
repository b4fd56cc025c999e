/** Who waits for something that many runs share. */
export interface Waiter {
  /** It has not ended. */
  readonly active: boolean;
  /** It may begin. */
  admit(): void;
}

/** A place in a {@link WaitingLine}. */
export interface Place<W extends Waiter> {
  readonly waiter: W;
  previous: Place<W> | undefined;
  next: Place<W> | undefined;
  left: boolean;
}

/** Those who wait, first come first; each may leave at any time, at the same small cost however many wait. */
export class WaitingLine<W extends Waiter> {
  #first: Place<W> | undefined;
  #last: Place<W> | undefined;
  #size = 0;
  #admitting = false;

  get size(): number {
    return this.#size;
  }

  join(waiter: W): Place<W> {
    const place: Place<W> = { waiter, previous: this.#last, next: undefined, left: false };
    if (this.#last === undefined) this.#first = place;
    else this.#last.next = place;
    this.#last = place;
    this.#size++;
    return place;
  }

  /** Says whether another is now the first. */
  leave(place: Place<W>): boolean {
    if (place.left) return false;
    const { previous, next } = place;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    place.left = true;
    this.#size--;
    return previous === undefined && next !== undefined;
  }

  /**
   * Admits one after another as long as each may. Who is admitted may be done at once and make room for the next: that
   * is left to the round under way, so that no number of them overflows the stack.
   */
  admit(mayBegin: (waiter: W) => boolean): void {
    if (this.#admitting) return;
    this.#admitting = true;
    try {
      for (let place = this.#first; place !== undefined; place = this.#first) {
        // Who is being ended will leave, but others need not wait for that.
        const { active } = place.waiter;
        if (active && !mayBegin(place.waiter)) return;
        this.leave(place);
        if (active) place.waiter.admit();
      }
    } finally {
      this.#admitting = false;
    }
  }
}
