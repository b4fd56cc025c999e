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
 */
export function status(): OperatorFunction<RunEvent, RunStatus> {
  return (events$) => events$.pipe(scan(reduceStatus, pendingStatus));
}
