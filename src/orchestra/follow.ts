import { Observable, type Subscriber } from 'rxjs';
import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/events.ts';
import { isEnd } from '../core/output-of.ts';
import { StoreError, UnknownRunError } from '../store/errors.ts';
import type { Awaitable, RunStore } from '../store/run-store.ts';

import type { RunListener } from './runner.ts';

/** How many events are read at once. */
const page = 1000;

/** After how many milliseconds a store that could not be read is asked again. */
const retryAfterMs = 1000;

/** Where events are read, and heard of at once where they happen here. */
export interface FollowHost {
  readonly store: RunStore;
  readonly clock: Clock;
  has(runId: string): boolean;
  /** The number of the next event that will be heard of a run that runs here. */
  nextTold(runId: string): number | undefined;
  listen(runId: string, listener: RunListener): () => void;
}

/**
 * The events of a kept run from number `from`, then what happens, until it has ended. It completes as well when the run is
 * deleted, and fails with what the store fails with, unless that may pass.
 */
export function follow<O>(host: FollowHost, runId: string, from: number): Observable<RunEvent<O>> {
  return new Observable((subscriber) => {
    const follower = new Follower(host, runId, from, subscriber as Subscriber<RunEvent>);
    // Watching begins before reading, so that nothing falls between.
    subscriber.add(host.listen(runId, follower));
    subscriber.add(
      host.store.watch(runId).subscribe(() => {
        if (!host.has(runId)) follower.look();
      }),
    );
    // There is nothing to read of what has just begun here.
    if (host.nextTold(runId) !== from) follower.look();
  });
}

class Follower implements RunListener {
  readonly #host: FollowHost;
  readonly #runId: string;
  readonly #subscriber: Subscriber<RunEvent>;
  #next: number;
  #reading = false;
  #again = false;

  constructor(host: FollowHost, runId: string, from: number, subscriber: Subscriber<RunEvent>) {
    this.#host = host;
    this.#runId = runId;
    this.#next = from;
    this.#subscriber = subscriber;
  }

  /** What follows on what it has told is told as it is; if something is missing, it is read. */
  told(events: readonly RunEvent[]): void {
    const [first] = events;
    const last = events.at(-1);
    if (first === undefined || last === undefined || last.seq < this.#next) return;
    if (this.#reading || first.seq > this.#next) return this.look();
    this.#tell(events.slice(this.#next - first.seq));
  }

  left(): void {
    this.look();
  }

  /** There may be more. */
  look(): void {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    this.#read();
  }

  #read(): void {
    while (this.#again && !this.#subscriber.closed) {
      this.#again = false;
      let given: Awaitable<readonly RunEvent[]>;
      try {
        given = this.#host.store.events(this.#runId, { from: this.#next, limit: page });
      } catch (error) {
        return this.#failed(error);
      }
      if (given instanceof Promise) {
        given.then(
          (events) => {
            this.#tell(events);
            this.#read();
          },
          (error: unknown) => this.#failed(error),
        );
        return;
      }
      this.#tell(given);
    }
    this.#reading = false;
  }

  /** It may be that there is no such run, or no longer. */
  #checkThere(): void {
    const check = (run: unknown): void => {
      if (run !== undefined) return;
      if (this.#next > 0) this.#subscriber.complete();
      else this.#subscriber.error(new UnknownRunError(this.#runId));
    };
    try {
      const run = this.#host.store.get(this.#runId);
      if (run instanceof Promise) run.then(check, (error: unknown) => this.#failed(error));
      else check(run);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** What may pass is waited for. */
  #failed(error: unknown): void {
    if (!(error instanceof StoreError && error.retryable)) return this.#subscriber.error(error);
    this.#reading = false;
    const retry = this.#host.clock.after(retryAfterMs, () => this.look());
    this.#subscriber.add(retry);
  }

  #tell(events: readonly RunEvent[]): void {
    if (events.length === page) this.#again = true;
    if (events.length === 0 && !this.#host.has(this.#runId)) this.#checkThere();
    for (const event of events) {
      if (this.#subscriber.closed) return;
      this.#next = event.seq + 1;
      this.#subscriber.next(event);
      if (isEnd(event)) return this.#subscriber.complete();
    }
  }
}
