import { Observable, type SchedulerLike, type Subscription } from 'rxjs';
import { checkOptions } from '../../src/core/check-given.ts';
import { Clock } from '../../src/core/clock.ts';
import { cronSchedule } from './cron-schedule.ts';

export interface CronOptions {
  /** The time zone of the expression, such as `'Europe/Berlin'`; default the machine's zone. */
  readonly timezone?: string;
  /** Where time comes from; default RxJS' `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/** The clock is read at least so often, since timers do not notice when it is set or when the machine sleeps. */
const longestNapMs = 5 * 60_000;

/**
 * A tick whenever a cron expression says so: the time that it was due.
 *
 * cron('30 * * * *')   ---(12:30)-----(13:30)-----(14:30)--
 *
 * The expression has five fields (minute, hour, day, month, weekday), six with seconds before them, seven with years
 * after those, or is a nickname such as `@daily`. The day may be `L`, a weekday `fri#2` or `monL`.
 *
 * Time: milliseconds of `scheduler`, as `Date.now()` gives them. An expression that names hours is due once at each of
 * its times of day, also over clock changes: where the time is skipped, when the clocks are put forward; where it
 * comes twice, the first time. With `*` for hours it goes by the time that really passes. Ticks that could not come in
 * time, because the machine slept or was busy, come as one.
 *
 * Where the expression names years, it completes after the last tick.
 *
 * Errors: `DefinitionError` for an invalid expression, for one that is never due, and for an unknown time zone.
 *
 * Events: none; for runs, there is {@link onEach}.
 *
 * Unsubscribing ends the timer.
 *
 * ```ts
 * import { step } from 'tutti';
 * import { onEach } from 'tutti/operators';
 * import { cron } from 'tutti/triggers'; // needs the package croner
 *
 * const report = step('report', (dueAt: number) => `as of ${new Date(dueAt).toISOString()}`);
 * const reports$ = cron('0 9 * * mon-fri', { timezone: 'Europe/Berlin' }).pipe(onEach(report));
 * ```
 *
 * @param expression in local time of `timezone`
 * @param options `timezone`, `scheduler`
 */
export function cron(expression: string, options: CronOptions = {}): Observable<number> {
  checkOptions<CronOptions>('cron', options, { timezone: 'string', scheduler: 'object' });
  const dueAfter = cronSchedule(expression, options.timezone);
  return new Observable((subscriber) => {
    const clock = new Clock(options.scheduler);
    let timer: Subscription | undefined;
    const wait = (dueAt: number | undefined): void => {
      if (dueAt === undefined) return subscriber.complete();
      const napMs = Math.min(Math.max(dueAt - clock.now(), 0), longestNapMs);
      timer = clock.after(napMs, () => wake(dueAt));
    };
    const wake = (dueAt: number): void => {
      const now = clock.now();
      if (now < dueAt) return wait(dueAt);
      subscriber.next(dueAt);
      if (!subscriber.closed) wait(dueAfter(now));
    };
    subscriber.add(() => timer?.unsubscribe());
    wait(dueAfter(clock.now()));
  });
}
