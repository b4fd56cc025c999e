import type { TestScheduler } from 'rxjs/testing';
import { TestingError } from './testing-error.ts';

/** More than any test needs; a test that never ends gets there in about a second. */
const maxActions = 500_000;

/**
 * Lets virtual time come to an end: a timer that repeats for ever fails the test instead of freezing it.
 *
 * Errors: {@link TestingError} out of the scheduler's `flush`.
 */
export function limitVirtualTime(scheduler: TestScheduler): void {
  let { frame } = scheduler;
  let left = maxActions;
  // The scheduler sets its frame before each action, outside of what user code could catch.
  Object.defineProperty(scheduler, 'frame', {
    get: () => frame,
    set(next: number) {
      frame = next;
      if (left-- > 0) return;
      throw new TestingError(
        `virtual time does not end: ${maxActions} timers by ${frame} ms, and more to come`,
      );
    },
  });
}
