import type { Awaitable } from '../store/run-store.ts';

/** Goes on with what a store gives: at once if it is there, so that what runs over a store in memory stays in the same turn. */
export function whenGiven<T, R>(given: Awaitable<T>, then: (value: T) => Awaitable<R>): Awaitable<R> {
  return given instanceof Promise ? given.then(then) : then(given);
}

/** The same, with a failure handed on in the same way. */
export function attempt<T>(work: () => Awaitable<T>, failed: (error: unknown) => Awaitable<T>): Awaitable<T> {
  try {
    const given = work();
    return given instanceof Promise ? given.catch(failed) : given;
  } catch (error) {
    return failed(error);
  }
}
