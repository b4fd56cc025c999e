/**
 * The one writer of a scope's events: it numbers them and hands them on in that order, one at a time, also those
 * that are made while another is being handed on.
 */
export class Writer<E> {
  /** Who hears; another may take over while the run is on. */
  deliver: (event: E) => void;
  #closed = false;
  #muted = false;
  #nextSeq = 0;
  #delivering = false;
  #waiting: E[] | undefined;
  #afterwards: (() => void) | undefined;

  constructor(deliver: (event: E) => void) {
    this.deliver = deliver;
  }

  /** Nothing more is taken. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The number of the event that is being made. */
  seq(): number {
    return this.#nextSeq++;
  }

  write(event: E): void {
    if (this.#closed) return;
    if (this.#delivering) {
      this.#waiting ??= [];
      this.#waiting.push(event);
      return;
    }
    this.#delivering = true;
    this.deliver(event);
    if (this.#waiting !== undefined) this.#deliverWaiting(this.#waiting);
    this.#delivering = false;
    if (this.#afterwards !== undefined) this.#afterwards();
  }

  /** Hands on the last event, and calls back once that has been done. */
  finish(event: E, afterwards: () => void): void {
    if (this.#closed) return;
    this.#afterwards = afterwards;
    this.write(event);
    this.#closed = true;
  }

  /** Nobody listens any more: nothing is handed on from now. */
  mute(): void {
    this.#closed = true;
    this.#muted = true;
    this.#afterwards = undefined;
  }

  #deliverWaiting(waiting: E[]): void {
    for (let i = 0; i < waiting.length && !this.#muted; i++) this.deliver(waiting[i] as E);
    this.#waiting = undefined;
  }
}
