import { Observable, type Subscriber } from 'rxjs';
import type { ErrorRecord } from './error-record.ts';
import type { RunEnded, RunEvent } from './events.ts';
import { isEnd } from './output-of.ts';
import { prepare, type RunOptions } from './run.ts';
import type { PreparedRun } from './run-frame.ts';
import { pendingStatus, type RunStatus, reduceStatus } from './status.ts';
import type { Step } from './step-types.ts';
import type { EventSink } from './writer.ts';

/** How a run ended, as data. */
export type RunResult<O> = {
  readonly runId: string;
  readonly durationMs: number;
  readonly costUsd: number;
} & (
  | { readonly state: 'completed'; readonly output: O }
  | { readonly state: 'failed'; readonly error: ErrorRecord }
  | { readonly state: 'cancelled'; readonly reason: string }
);

/** A run that goes on whether anybody listens or not. */
export interface RunHandle<O> {
  readonly runId: string;
  /** Everything that has happened in it, then what happens. Unsubscribing only stops listening. */
  readonly events$: Observable<RunEvent<O>>;
  /** How it ends; never rejects. */
  result(): Promise<RunResult<O>>;
  /** How it stands. */
  status(): RunStatus;
  /** Ends it gracefully; once it has ended, nothing happens. */
  cancel(reason?: string): void;
}

/**
 * Starts a run at once, in memory, and keeps all its events.
 *
 * Errors: `InputValidationError`, before anything runs; everything later is data.
 *
 * @param step a workflow, or any step
 * @param input what it takes
 * @param options as of `run`
 */
export function start<I, O, P>(
  step: Step<I, O, P>,
  input: NoInfer<I>,
  options: RunOptions = {},
): RunHandle<O> {
  const begin = prepare(step, input, options);
  const recording = new Recording<O>();
  const frame = begin(recording as EventSink<RunEvent>);
  recording.of(frame);
  frame.begun();
  return recording;
}

/** A run's events as they are kept, and those who read them, each at its own place. */
class Recording<O> implements RunHandle<O>, EventSink<RunEvent<O>> {
  #source: PreparedRun | undefined;
  readonly events$: Observable<RunEvent<O>>;
  readonly #events: RunEvent<O>[] = [];
  readonly #readers = new Set<Reader<O>>();
  #ended = false;
  #status = pendingStatus;

  constructor() {
    this.events$ = new Observable((subscriber) => {
      const reader = new Reader(this.#events, subscriber);
      this.#readers.add(reader);
      subscriber.add(() => this.#readers.delete(reader));
      reader.read();
      if (this.#ended) subscriber.complete();
    });
  }

  /** Whose events it keeps. */
  of(run: PreparedRun): void {
    this.#source = run;
  }

  get runId(): string {
    return this.#source?.runId ?? '';
  }

  next(event: RunEvent<O>): void {
    this.#events.push(event);
    for (const reader of this.#readers) reader.read();
  }

  complete(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.complete();
  }

  result(): Promise<RunResult<O>> {
    return new Promise((resolve) => {
      this.events$.subscribe((event) => {
        if (isEnd(event)) resolve(resultOf(event));
      });
    });
  }

  status(): RunStatus {
    for (let seq = this.#status.seq + 1; seq < this.#events.length; seq++)
      this.#status = reduceStatus(this.#status, this.#events[seq] as RunEvent);
    return this.#status;
  }

  cancel(reason = 'cancelled'): void {
    this.#source?.cancelRun(reason);
  }
}

/** One who reads a recording, from its beginning. */
class Reader<O> {
  readonly #events: readonly RunEvent<O>[];
  readonly #subscriber: Subscriber<RunEvent<O>>;
  #next = 0;
  #reading = false;

  constructor(events: readonly RunEvent<O>[], subscriber: Subscriber<RunEvent<O>>) {
    this.#events = events;
    this.#subscriber = subscriber;
  }

  /** Reads on to the end of what there is. */
  read(): void {
    if (this.#reading) return;
    this.#reading = true;
    while (this.#next < this.#events.length && !this.#subscriber.closed)
      this.#subscriber.next(this.#events[this.#next++] as RunEvent<O>);
    this.#reading = false;
  }

  complete(): void {
    if (!this.#reading) this.#subscriber.complete();
  }
}

/** A run's end as data. */
export function resultOf<O>({ runId, durationMs, costUsd, ...end }: RunEnded<O>): RunResult<O> {
  const totals = { runId, durationMs, costUsd };
  switch (end.type) {
    case 'run.completed':
      return { ...totals, state: 'completed', output: end.output };
    case 'run.failed':
      return { ...totals, state: 'failed', error: end.error };
    case 'run.cancelled':
      return { ...totals, state: 'cancelled', reason: end.reason };
  }
}
