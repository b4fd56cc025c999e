import { asyncScheduler } from 'rxjs';
import type { StoredRun } from '../../store/stored-run.ts';

/** Nobody has the run: it was given back, or whoever had it has given no sign of life. */
export function isFree({ owner, leaseUntil = 0 }: StoredRun): boolean {
  return owner === undefined || leaseUntil <= asyncScheduler.now();
}

/** How a run stands, and whether anybody runs it that should be run. */
export function stateOf(run: StoredRun): string {
  const { state } = run;
  return (state === 'running' || state === 'pending') && isFree(run) ? `${state}, left` : state;
}
