import { asyncScheduler, type SchedulerLike, Subscription } from 'rxjs';

/** A timer fires at once when asked for 2^31 ms or more, so longer ones are re-armed in parts. */
const longestTimerMs = 2 ** 31 - 1;

/** A run's time: one reading serves everything that happens in the same turn. */
export class Clock {
  private readonly scheduler: SchedulerLike;
  private reading = 0;
  private stale = true;

  constructor(scheduler: SchedulerLike = asyncScheduler) {
    this.scheduler = scheduler;
  }

  /** Milliseconds, as read last in this turn. */
  get at(): number {
    if (this.stale) {
      this.reading = this.scheduler.now();
      this.stale = false;
    }
    return this.reading;
  }

  /** Milliseconds, read now. */
  now(): number {
    this.stale = true;
    return this.at;
  }

  /** Time may have passed: the next reading is a new one. */
  wake(): void {
    this.stale = true;
  }

  /** Calls back after `ms` milliseconds, unless unsubscribed before. */
  after(ms: number, callback: () => void): Subscription {
    if (ms > longestTimerMs) return this.inParts(ms, callback);
    return this.scheduler.schedule(() => {
      this.wake();
      callback();
    }, ms);
  }

  private inParts(ms: number, callback: () => void): Subscription {
    const timer = new Subscription();
    const arm = (left: number): void => {
      const part = Math.min(left, longestTimerMs);
      const armed = this.scheduler.schedule(() => {
        timer.remove(armed);
        this.wake();
        if (left > part) arm(left - part);
        else callback();
      }, part);
      timer.add(armed);
    };
    arm(ms);
    return timer;
  }
}
