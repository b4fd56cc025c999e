import type { RunEnded, RunEvent } from '../../core/events.ts';

type Failed = Extract<RunEvent, { type: 'step.failed' }>;

/** The failures of a run that were not handled, which only its end tells. */
export class Failures {
  readonly #failed: Failed[] = [];

  add(event: RunEvent): void {
    if (event.type === 'step.failed') this.#failed.push(event);
  }

  /** Those with which the run failed, the innermost first. */
  behind(end: RunEnded): readonly Failed[] {
    if (end.type !== 'run.failed') return [];
    const { code, message } = end.error;
    const same = this.#failed.filter(({ error }) => error.code === code && error.message === message);
    return same.length > 0 ? same : this.#failed;
  }

  /** The id of the one step that the run failed with, unless the message begins with it. */
  stepOf(end: RunEnded): string | undefined {
    if (end.type !== 'run.failed') return undefined;
    const { message } = end.error;
    const [first] = this.#failed.filter(({ error }) => error.message === message);
    return first === undefined || message.startsWith(first.step) ? undefined : first.step;
  }
}
