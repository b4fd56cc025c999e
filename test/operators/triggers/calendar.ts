import { asyncScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs';

/** Virtual time that begins at a date, and whose clock can be set while timers run on. */
export class Calendar implements SchedulerLike {
  #startedAt: number;

  constructor(date: string) {
    this.#startedAt = Date.parse(date);
  }

  now(): number {
    return this.#startedAt + asyncScheduler.now();
  }

  /** Puts the clock forward, or back. */
  put(ms: number): void {
    this.#startedAt += ms;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return asyncScheduler.schedule<T>(work, delay, state);
  }
}
