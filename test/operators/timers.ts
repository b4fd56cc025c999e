import { asyncScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs';

/** A scheduler that knows which of its timers are still set. In a marble test it is virtual, as RxJS' own. */
export class Timers implements SchedulerLike {
  readonly #pending = new Set<Subscription>();

  get pending(): number {
    return this.#pending.size;
  }

  now(): number {
    return asyncScheduler.now();
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    const pending = this.#pending;
    const timer = asyncScheduler.schedule<T>(
      function (now) {
        pending.delete(timer);
        work.call(this, now);
      },
      delay,
      state,
    );
    pending.add(timer);
    timer.add(() => pending.delete(timer));
    return timer;
  }
}
