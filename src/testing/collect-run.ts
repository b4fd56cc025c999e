import { EmptyError, type Observable } from 'rxjs';
import type { RunEnded, RunEvent } from '../core/events.ts';
import { isEnd } from '../core/output-of.ts';

/** A run that has ended. */
export interface CollectedRun<O> {
  readonly events: readonly RunEvent<O>[];
  /** How it ended: `run.completed`, `run.failed` or `run.cancelled`. */
  readonly ended: RunEnded<O>;
  /** Only of a run that completed. */
  readonly output?: O;
}

/**
 * All events of a run in real time, once it has ended, however it ended.
 *
 * const { events, ended, output } = await collectRun(run(translate, { text: 'Bonjour' }));
 *
 * Errors: rejects with the error of a stream that ends in one, and with RxJS' `EmptyError` when the stream completes
 * before its run has ended. A run's failure is data, in `ended`.
 *
 * @param run$ the events of one run: of `run`, or a handle's `events$`
 */
export function collectRun<O>(run$: Observable<RunEvent<O>>): Promise<CollectedRun<O>> {
  return new Promise((resolve, reject) => {
    const events: RunEvent<O>[] = [];
    let ended: RunEnded<O> | undefined;
    const finish = (): void => {
      subscription.unsubscribe();
      if (ended === undefined) reject(new EmptyError());
      else resolve({ events, ended, ...(ended.type === 'run.completed' ? { output: ended.output } : {}) });
    };
    const subscription = run$.subscribe({
      next: (event) => {
        events.push(event);
        if (ended !== undefined || !isEnd(event)) return;
        ended = event;
        // Not at once: what wrongly follows in the same turn is to be seen in the events.
        queueMicrotask(finish);
      },
      error: reject,
      complete: () => queueMicrotask(finish),
    });
  });
}
