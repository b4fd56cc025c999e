/** The last events, in order; older ones are forgotten. */
export class EventHistory<E> {
  readonly #max: number;
  readonly #events: E[] = [];
  /** Where the oldest is, once there are as many as may be. */
  #oldest = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(event: E): void {
    if (this.#max === 0) return;
    if (this.#events.length < this.#max) {
      this.#events.push(event);
      return;
    }
    this.#events[this.#oldest] = event;
    this.#oldest = (this.#oldest + 1) % this.#max;
  }

  toArray(): E[] {
    return [...this.#events.slice(this.#oldest), ...this.#events.slice(0, this.#oldest)];
  }
}
