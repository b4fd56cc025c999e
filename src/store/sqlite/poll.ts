import { asyncScheduler, type Subscription } from 'rxjs';

/**
 * Calls back when a number has changed, as long as it is on. SQLite tells nobody of the writes of another process, but its
 * `data_version` is cheap to read.
 */
export class Poll {
  readonly #read: () => number;
  readonly #onChange: () => void;
  readonly #everyMs: number;
  #timer: Subscription | undefined;
  #on = false;
  #last = 0;

  constructor(everyMs: number, read: () => number, onChange: () => void) {
    this.#everyMs = everyMs;
    this.#read = read;
    this.#onChange = onChange;
  }

  /**
   * Begins or stops. What changed while it was off is not told, or needlessly: it stops when it would look next, as it is often
   * wanted again before, by one short run after another.
   */
  turn(on: boolean): void {
    this.#on = on;
    if (!on || this.#timer !== undefined) return;
    this.#last = this.#read();
    const poll = this;
    this.#timer = asyncScheduler.schedule(function () {
      if (!poll.#on) return poll.stop();
      poll.#look();
      if (poll.#timer) this.schedule(undefined, poll.#everyMs);
    }, this.#everyMs);
  }

  #look(): void {
    const now = this.#tryRead();
    if (now === this.#last) return;
    this.#last = now;
    this.#onChange();
  }

  /** Who is told reads, and meets the error where there is somebody to hear of it. */
  #tryRead(): number {
    try {
      return this.#read();
    } catch {
      return Number.NaN;
    }
  }

  /** Stops at once. */
  stop(): void {
    this.#on = false;
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }
}
