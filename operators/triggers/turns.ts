import { Queue } from '../../src/core/queue.ts';

/** Work in the order in which it was asked for: what is asked for during a turn has a turn of its own afterwards. */
export class Turns {
  readonly #waiting = new Queue<() => void>();
  #running = false;

  /** Takes a turn at once, unless another is under way. */
  take(turn: () => void): void {
    this.#waiting.put(turn);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#waiting.take(); next !== undefined; next = this.#waiting.take()) next.value();
    } finally {
      this.#running = false;
    }
  }
}
