import { type OperatorFunction, scan } from 'rxjs';
import type { RunEvent } from '../../src/core/events.ts';
import { pendingStatus, type RunStatus, reduceStatus } from '../../src/core/status.ts';

/**
 * How a run stands, after each of its events.
 *
 * events$     (R>)-------(started)----(completed)---(R|)
 * status()    (running)--(running)----(running)-----(completed)|
 *
 * Each status is a value that never changes; its lists of steps are put together when they are first read.
 *
 * Errors: those of the stream.
 *
 * Events: takes those of one run; of many, with {@link perRun}.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { status } from 'tutti/operators';
 *
 * const greet = step('greet', (name: string) => `Hello ${name}`);
 * run(greet, 'you')
 *   .pipe(status())
 *   .subscribe(({ state, completedSteps }) => console.log(`${state} ${completedSteps.length}`)); // running 0, running 0, running 1, completed 1
 * ```
 */
export function status(): OperatorFunction<RunEvent, RunStatus> {
  return (events$) => events$.pipe(scan(reduceStatus, pendingStatus));
}
