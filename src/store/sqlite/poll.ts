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
  #last = 0;

  constructor(everyMs: number, read: () => number, onChange: () => void) {
    this.#everyMs = everyMs;
    this.#read = read;
    this.#onChange = onChange;
  }

  /** Begins or stops. What changed while it was off is not told. */
  turn(on: boolean): void {
    if (on === (this.#timer !== undefined)) return;
    if (!on) return this.#stop();
    this.#last = this.#read();
    const poll = this;
    this.#timer = asyncScheduler.schedule(function () {
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

  #stop(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }
}
