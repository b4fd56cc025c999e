import { from, Observable, type SchedulerLike, type Subscriber, type Subscription } from 'rxjs';
import { checkOptions } from '../../src/core/check-given.ts';
import { Clock } from '../../src/core/clock.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import type { RunEvent } from '../../src/core/events.ts';

export interface FromEventsOptions {
  /** `'at-once'` (default), or `'recorded'`: with the time between events that there was. */
  readonly timing?: 'at-once' | 'recorded';
  /** Where recorded time goes by; default RxJS' `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Plays recorded events again, to whatever takes the events of a run.
 *
 * recorded, by `at`                              0: R>, a>   5: a|, R|
 * fromEvents(events)                             (R>, a>, a|, R|)|
 * fromEvents(events, { timing: 'recorded' })     (R>, a>)-----(a|, R|)|
 *
 * Each subscriber is given the same events; nothing is run.
 *
 * Time: with `'recorded'`, milliseconds on the scheduler from the first event, by their `at`; what is late, as when
 * `at` goes back, comes at once.
 *
 * Errors: what the iterable throws; `DefinitionError` for an unknown timing.
 *
 * Events: those that were recorded, of one run or of many.
 *
 * Unsubscribing ends the wait, and lets go of the iterable.
 *
 * ```ts
 * import { outputOf, type RunEvent, run, step } from 'tutti';
 * import { fromEvents } from 'tutti/operators';
 *
 * const greet = step('greet', (name: string) => `Hello ${name}`);
 * const recorded: RunEvent<string>[] = [];
 * run(greet, 'you').subscribe((event) => recorded.push(event));
 * console.log(await outputOf(fromEvents(recorded))); // Hello you
 * ```
 *
 * @param events of one run or of many, in the order in which they were told
 * @param options `timing`, `scheduler`
 */
export function fromEvents<E extends RunEvent>(
  events: Iterable<E>,
  options: FromEventsOptions = {},
): Observable<E> {
  checkOptions<FromEventsOptions>('fromEvents', options, { timing: 'string', scheduler: 'object' });
  const { timing = 'at-once', scheduler } = options;
  if (timing === 'at-once') return from(events);
  if (timing !== 'recorded')
    throw new DefinitionError(`fromEvents: ${JSON.stringify(timing)} is not 'at-once' or 'recorded'`);
  return new Observable((subscriber) => {
    const replay = new Replay(events[Symbol.iterator](), subscriber, new Clock(scheduler));
    subscriber.add(() => replay.stop());
    replay.play();
  });
}

class Replay<E extends RunEvent> {
  readonly #events: Iterator<E>;
  readonly #subscriber: Subscriber<E>;
  readonly #clock: Clock;
  readonly #startedAt: number;
  #firstAt: number | undefined;
  #timer: Subscription | undefined;
  #exhausted = false;

  constructor(events: Iterator<E>, subscriber: Subscriber<E>, clock: Clock) {
    this.#events = events;
    this.#subscriber = subscriber;
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** Tells what is due, and waits for the next. */
  play(): void {
    for (let event = this.#next(); event !== undefined; event = this.#next()) {
      const due = event;
      const waitMs = this.#waitMs(due);
      if (waitMs > 0) {
        this.#timer = this.#clock.after(waitMs, () => {
          this.#subscriber.next(due);
          this.play();
        });
        return;
      }
      this.#subscriber.next(due);
    }
    if (this.#exhausted) this.#subscriber.complete();
  }

  stop(): void {
    this.#timer?.unsubscribe();
    if (!this.#exhausted) this.#events.return?.();
  }

  #next(): E | undefined {
    if (this.#subscriber.closed) return undefined;
    try {
      const { done, value } = this.#events.next();
      if (done !== true) return value;
      this.#exhausted = true;
    } catch (error) {
      this.#exhausted = true;
      this.#subscriber.error(error);
    }
    return undefined;
  }

  #waitMs({ at }: RunEvent): number {
    this.#firstAt ??= at;
    return at - this.#firstAt - (this.#clock.now() - this.#startedAt);
  }
}
