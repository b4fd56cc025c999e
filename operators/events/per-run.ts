import {
  map,
  mergeMap,
  Observable,
  type Observer,
  type OperatorFunction,
  Subject,
  type Subscriber,
} from 'rxjs';
import type { RunEvent } from '../../src/core/events.ts';
import { isEnd } from '../../src/core/output-of.ts';
import { relay } from './relay.ts';

/** What an operator gives for one of many runs. */
export interface OfRun<T> {
  readonly runId: string;
  readonly value: T;
}

/**
 * Applies an operator that follows one run to each run of a merged stream.
 *
 * events$              (1 R>)-------(2 R>)-------(1 R|)---------(2 R|)|
 * perRun(status())     (1 running)--(2 running)--(1 completed)--(2 completed)|
 *
 * Each run has the operator to itself, from its first event to its last, after which nothing is kept of it.
 *
 * Errors: those of the operator; those of the stream, after what the operator has to say of them for the runs under
 * way.
 *
 * Events: takes those of one run or of many.
 *
 * Unsubscribing ends the operator for all runs.
 *
 * ```ts
 * import { merge } from 'rxjs';
 * import { run, step } from 'tutti';
 * import { perRun, progress } from 'tutti/operators';
 *
 * const greet = step('greet', (name: string) => `Hello ${name}`);
 * merge(run(greet, 'you', { runId: '1' }), run(greet, 'me', { runId: '2' }))
 *   .pipe(perRun(progress()))
 *   .subscribe(({ runId, value }) => console.log(`${runId}: ${value}`)); // 1: 0, 1: 0.5, 1: 1, 2: 0, 2: 0.5, 2: 1
 * ```
 *
 * @param operator such as `progress()`, `status()`, `text(step)`
 */
export function perRun<T>(operator: OperatorFunction<RunEvent, T>): OperatorFunction<RunEvent, OfRun<T>> {
  return (events$) =>
    new Observable<RunStream>((subscriber) => relay(events$, subscriber, new Splitter(subscriber))).pipe(
      mergeMap(({ runId, events$ }) =>
        events$.pipe(
          operator,
          map((value) => ({ runId, value })),
        ),
      ),
    );
}

interface RunStream {
  readonly runId: string;
  readonly events$: Observable<RunEvent>;
}

/** Makes a stream of each run in a stream. */
class Splitter implements Observer<RunEvent> {
  readonly #subscriber: Subscriber<RunStream>;
  readonly #runs = new Map<string, Subject<RunEvent>>();

  constructor(subscriber: Subscriber<RunStream>) {
    this.#subscriber = subscriber;
  }

  next(event: RunEvent): void {
    const { runId } = event;
    const events$ = this.#runs.get(runId) ?? this.#begin(runId);
    if (isEnd(event)) this.#runs.delete(runId);
    events$.next(event);
    if (isEnd(event)) events$.complete();
  }

  error(error: unknown): void {
    for (const events$ of this.#runs.values()) events$.error(error);
    this.#subscriber.error(error);
  }

  complete(): void {
    for (const events$ of this.#runs.values()) events$.complete();
    this.#subscriber.complete();
  }

  #begin(runId: string): Subject<RunEvent> {
    const events$ = new Subject<RunEvent>();
    this.#runs.set(runId, events$);
    this.#subscriber.next({ runId, events$ });
    return events$;
  }
}
