import { randomUUID } from 'node:crypto';
import type { RunEvent } from 'tutti';

/**
 * Makes the events of one run by hand: the same fields, in the same order, as Tutti's.
 *
 * As cheap as careful people write it: one literal for each event, one reading of the clock for each time the run wakes up.
 */
export class EventLog {
  readonly #hear: (event: RunEvent) => void;
  readonly #workflow: string;
  readonly #runId = randomUUID();
  readonly #startedAt: number;
  #seq = 0;
  #at: number;

  constructor(hear: (event: RunEvent) => void, workflow: string, input: unknown) {
    this.#hear = hear;
    this.#workflow = workflow;
    this.#at = Date.now();
    this.#startedAt = this.#at;
    hear({
      type: 'run.started',
      seq: this.#seq++,
      runId: this.#runId,
      path: '',
      step: workflow,
      attempt: 1,
      at: this.#at,
      workflow,
      version: '',
      input,
    });
  }

  /** Something asynchronous has ended: time has passed. */
  wake(): void {
    this.#at = Date.now();
  }

  /** Gives the time, for {@link completed}. */
  started(path: string, step: string, input: unknown): number {
    const at = this.#at;
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
      at: this.#at,
      index,
      chunk,
    });
  }

  completed(path: string, step: string, output: unknown, startedAt: number): void {
    const at = this.#at;
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
    const at = this.#at;
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
    const [seq, runId, at] = [this.#seq++, this.#runId, this.#at];
    this.#hear({ type: 'step.failed', seq, runId, path, step, attempt: 1, at, error });
    return cause;
  }

  /** Tells of the run's failure. */
  broken(cause: unknown): void {
    const [seq, runId, at, step] = [this.#seq++, this.#runId, this.#at, this.#workflow];
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
