import { type Observable, tap } from 'rxjs';
import type { TestScheduler } from 'rxjs/testing';
import { expect } from 'vitest';
import type { RunEvent } from '../core/events.ts';
import { CallSite } from './call-site.ts';
import { TestingError } from './testing-error.ts';
import './to-be-timeline.ts';

/** A run under virtual time, and the timeline that it should have. */
export class RunExpectation {
  readonly #events: RunEvent[] = [];
  #error: TestingError | undefined;
  #expected: string | undefined;
  #site: CallSite | undefined;

  constructor(scheduler: TestScheduler, run$: Observable<RunEvent>, subscription?: string) {
    const recorded$ = run$.pipe(
      tap({
        next: (event) => this.#events.push(event),
        error: (cause: unknown) => {
          this.#error = new TestingError('the run ended in an error notification', { cause });
        },
      }),
    );
    // Subscribes and unsubscribes when it should; what it recorded itself is never compared, for want of a `toBe`.
    scheduler.expectObservable(recorded$, subscription);
  }

  get complete(): boolean {
    return this.#expected !== undefined;
  }

  /** States the timeline, to be compared when virtual time has passed. */
  toBe(timeline: string): void {
    this.#expected = timeline;
    this.#site = new CallSite(this.toBe);
  }

  /** Compares, after virtual time has passed. */
  verify(): void {
    const expected = this.#expected ?? '';
    this.#site?.blame(() => {
      if (this.#error !== undefined) throw this.#error;
      expect(this.#events).toBeTimeline(expected);
    });
  }
}
