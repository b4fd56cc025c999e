import { type Place, type Waiter, WaitingLine } from './waiting-line.ts';

/** A number of slots, and a line of those who wait for one. */
export class Slots {
  readonly concurrency: number;
  readonly queue: number;
  readonly #line = new WaitingLine<Waiter>();
  #taken = 0;

  constructor(concurrency: number, queue: number) {
    this.concurrency = concurrency;
    this.queue = queue;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Takes a slot, unless none is free or others wait for it. */
  take(): boolean {
    return this.#line.size === 0 && this.#mayTake();
  }

  /** Waits for a slot, unless the line is full. */
  join(waiter: Waiter): Place<Waiter> | undefined {
    return this.#line.size < this.queue ? this.#line.join(waiter) : undefined;
  }

  leave(place: Place<Waiter>): void {
    this.#line.leave(place);
  }

  release(): void {
    this.#taken--;
    this.#line.admit(() => this.#mayTake());
  }

  #mayTake(): boolean {
    if (this.#taken >= this.concurrency) return false;
    this.#taken++;
    return true;
  }
}
