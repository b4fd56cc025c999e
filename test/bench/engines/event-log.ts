import { randomUUID } from 'node:crypto';
import type { RunEvent } from 'tutti';

/**
 * Makes the events of one run by hand: the same fields, in the same order, as Tutti's.
 *
 * As people write it: one literal for each event, which reads the clock. A sparing one reads it once for each time that the
 * run wakes up and never in synchronous code: the least that it can cost, at the price that what takes its time
 * synchronously seems to take none.
 */
export class EventLog {
  readonly #hear: (event: RunEvent) => void;
  readonly #workflow: string;
  readonly #runId = randomUUID();
  readonly #sparing: boolean;
  readonly #startedAt: number;
  #at = 0;
  #seq = 0;

  constructor(hear: (event: RunEvent) => void, workflow: string, input: unknown, sparing: boolean) {
    this.#hear = hear;
    this.#workflow = workflow;
    this.#sparing = sparing;
    this.wake();
    this.#startedAt = this.#now();
    hear({
      type: 'run.started',
      seq: this.#seq++,
      runId: this.#runId,
      path: '',
      step: workflow,
      attempt: 1,
      at: this.#startedAt,
      workflow,
      version: '',
      input,
    });
  }

  /** The time of an event. */
  #now(): number {
    return this.#sparing ? this.#at : Date.now();
  }

  /** Something asynchronous has ended: time has passed. */
  wake(): void {
    if (this.#sparing) this.#at = Date.now();
  }

  /** Gives the time, for {@link completed}. */
  started(path: string, step: string, input: unknown): number {
    const at = this.#now();
    this.#hear({
      type: 'step.started',
      seq: this.#seq++,
      runId: this.#runId,
      path,
      step,
      attempt: 1,
      at,
      input,
    });
    return at;
  }

  partial(path: string, step: string, index: number, chunk: unknown): void {
    this.#hear({
      type: 'step.partial',
      seq: this.#seq++,
      runId: this.#runId,
      path,
      step,
      attempt: 1,
      at: this.#now(),
      index,
      chunk,
    });
  }

  completed(path: string, step: string, output: unknown, startedAt: number): void {
    const at = this.#now();
    this.#hear({
      type: 'step.completed',
      seq: this.#seq++,
      runId: this.#runId,
      path,
      step,
      attempt: 1,
      at,
      output,
      durationMs: at - startedAt,
      costUsd: 0,
      source: 'live',
    });
  }

  ended(output: unknown): void {
    const at = this.#now();
    this.#hear({
      type: 'run.completed',
      seq: this.#seq++,
      runId: this.#runId,
      path: '',
      step: this.#workflow,
      attempt: 1,
      at,
      output,
      durationMs: at - this.#startedAt,
      costUsd: 0,
    });
  }

  /** Tells of a step's failure, and gives it back to be thrown. */
  failed(path: string, step: string, cause: unknown): unknown {
    this.wake();
    const error = { name: 'Error', code: 'ERROR', message: String(cause) };
    const [seq, runId, at] = [this.#seq++, this.#runId, this.#now()];
    this.#hear({ type: 'step.failed', seq, runId, path, step, attempt: 1, at, error });
    return cause;
  }

  /** Tells of the run's failure. */
  broken(cause: unknown): void {
    const [seq, runId, at, step] = [this.#seq++, this.#runId, this.#now(), this.#workflow];
    const error = { name: 'Error', code: 'ERROR', message: String(cause) };
    const durationMs = at - this.#startedAt;
    this.#hear({
      type: 'run.failed',
      seq,
      runId,
      path: '',
      step,
      attempt: 1,
      at,
      error,
      durationMs,
      costUsd: 0,
    });
  }
}
