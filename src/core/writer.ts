/**
 * The one writer of a scope's events: it numbers them and hands them on in that order, one at a time, also those
 * that are made while another is being handed on.
 */
export class Writer<E> {
  /** Who hears; another may take over while the run is on. */
  deliver: (event: E) => void;
  #closed = false;
  #muted = false;
  /** Who counts the events: itself, or the first of those who write of one run. */
  readonly #counter: Writer<E>;
  #events = 0;
  #delivering = false;
  #waiting: (() => void)[] | undefined;

  constructor(deliver: (event: E) => void, counter?: Writer<E>) {
    this.deliver = deliver;
    this.#counter = counter ?? this;
  }

  /** One who goes on numbering where this one is, for another listener. */
  for(deliver: (event: E) => void): Writer<E> {
    return new Writer(deliver, this.#counter);
  }

  /** Nothing more is taken. */
  get closed(): boolean {
    return this.#closed;
  }

  /** How many events there have been. */
  get written(): number {
    return this.#counter.#events;
  }

  /** The number of the event that is being made. */
  seq(): number {
    return this.#counter.#events++;
  }

  write(event: E): void {
    if (!this.#closed) this.#put(event);
  }

  /** Hands on the last event, and calls back once that has been done. */
  finish(event: E, afterwards: () => void): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#put(event);
    this.whenDelivered(afterwards);
  }

  /** Calls back once everything written so far has been handed on. */
  whenDelivered(callback: () => void): void {
    if (!this.#delivering) callback();
    else this.#wait(callback);
  }

  /** Nobody listens any more: nothing is handed on from now. */
  mute(): void {
    this.#closed = true;
    this.#muted = true;
  }

  #put(event: E): void {
    if (this.#delivering) {
      this.#wait(() => this.deliver(event));
      return;
    }
    this.#delivering = true;
    this.deliver(event);
    if (this.#waiting !== undefined) this.#workOff(this.#waiting);
    this.#delivering = false;
  }

  #wait(work: () => void): void {
    this.#waiting ??= [];
    this.#waiting.push(work);
  }

  #workOff(waiting: readonly (() => void)[]): void {
    for (let i = 0; i < waiting.length && !this.#muted; i++) waiting[i]?.();
    this.#waiting = undefined;
  }
}
