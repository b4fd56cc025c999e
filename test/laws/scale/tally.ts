import { type Observable, Subscription } from 'rxjs';
import type { RunEvent } from 'tutti';

/** What came out of a run: how many events of each type, and how it ended. */
export interface Tally {
  readonly counts: Readonly<Record<string, number>>;
  readonly end: string;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly notification: 'complete' | 'error' | 'none';
}

/** Counts what a run tells, to its end. */
export function tally(run$: Observable<RunEvent>): Promise<Tally> {
  return new Promise((resolve) => {
    const counter = new Counter();
    run$.subscribe({
      next: (event) => counter.add(event),
      error: () => resolve(counter.tally('error')),
      complete: () => resolve(counter.tally('complete')),
    });
  });
}

/** Counts what a run tells until `stop` is called, and what it tells after that. */
export function tallyUntil(run$: Observable<RunEvent>, stop: (subscription: Subscription) => void): Tally {
  const counter = new Counter();
  const subscription = new Subscription();
  let notification: Tally['notification'] = 'none';
  subscription.add(
    run$.subscribe({
      next: (event) => counter.add(event),
      complete: () => {
        notification = 'complete';
      },
    }),
  );
  stop(subscription);
  return counter.tally(notification);
}

class Counter {
  readonly #counts: Record<string, number> = {};
  #last: RunEvent | undefined;

  add(event: RunEvent): void {
    this.#counts[event.type] = (this.#counts[event.type] ?? 0) + 1;
    this.#last = event;
  }

  tally(notification: Tally['notification']): Tally {
    const last = this.#last;
    return {
      counts: this.#counts,
      end: last?.type ?? 'nothing',
      output: last?.type === 'run.completed' ? last.output : undefined,
      error: last?.type === 'run.failed' ? last.error.code : undefined,
      notification,
    };
  }
}
