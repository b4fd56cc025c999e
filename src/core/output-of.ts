import { EmptyError, type Observable } from 'rxjs';
import { originalError } from './error-record.ts';
import { RunCancelledError, StepFailedError } from './errors.ts';
import type { RunEnded, RunEvent } from './events.ts';

/**
 * The output of a run, from its events.
 *
 * Errors: a failed run rejects with the original error (in another process, with a `StepFailedError` that says what is
 * known of it), a cancelled one with `RunCancelledError`, a stream that ends before its run with RxJS' `EmptyError`.
 *
 * @param run$ the events of one run
 */
export function outputOf<O>(run$: Observable<RunEvent<O>>): Promise<O> {
  return new Promise((resolve, reject) => {
    let last: RunEvent<O> | undefined;
    run$.subscribe({
      next: (event) => {
        last = event;
      },
      error: reject,
      complete: () => {
        if (last === undefined || !isEnd(last)) reject(new EmptyError());
        else if (last.type === 'run.completed') resolve(last.output);
        else reject(errorOf(last));
      },
    });
  });
}

/** Tells the terminal event of a run. */
export function isEnd<O>(event: RunEvent<O>): event is RunEnded<O> {
  return event.type === 'run.completed' || event.type === 'run.failed' || event.type === 'run.cancelled';
}

function errorOf(ended: Exclude<RunEnded, { type: 'run.completed' }>): unknown {
  if (ended.type === 'run.cancelled') return new RunCancelledError(ended.reason);
  return originalError(ended.error) ?? new StepFailedError(ended.error.message, { cause: ended.error });
}
