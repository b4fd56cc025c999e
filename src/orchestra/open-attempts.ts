import type { RunEvent } from '../core/events.ts';

/** An attempt that has begun and not ended. */
export interface OpenAttempt {
  readonly path: string;
  readonly step: string;
  readonly attempt: number;
}

/** The attempts of a run that are under way, as its events tell. */
export class OpenAttempts {
  readonly #open = new Map<string, OpenAttempt>();

  read({ type, path, step, attempt }: RunEvent): void {
    if (type === 'step.started') this.#open.set(path, { path, step, attempt });
    else if (ends.has(type)) this.#open.delete(path);
  }

  /** Those that began last first, so that what is inside comes before what it is in. */
  get innermostFirst(): readonly OpenAttempt[] {
    return [...this.#open.values()].reverse();
  }
}

const ends: ReadonlySet<RunEvent['type']> = new Set([
  'step.completed',
  'step.failed',
  'step.cancelled',
  'step.retrying',
]);
