import { type Observable, type Observer, Subscriber } from 'rxjs';

/**
 * Listens to a source on behalf of a subscriber, and lets go with it, even while the source is being subscribed. What
 * `next` throws is the subscriber's error.
 */
export function relay<T>(source$: Observable<T>, subscriber: Subscriber<unknown>, to: Observer<T>): void {
  const listener = new Subscriber<T>({
    next: (value) => {
      try {
        to.next(value);
      } catch (error) {
        subscriber.error(error);
      }
    },
    error: (error: unknown) => to.error(error),
    complete: () => to.complete(),
  });
  subscriber.add(listener);
  source$.subscribe(listener);
}
