import { asyncScheduler } from 'rxjs';
import type { Journal } from '../../store/batch.ts';
import type { RunStore } from '../../store/run-store.ts';
import { isEnded, type StoredRunState } from '../../store/stored-run.ts';

const resting: ReadonlySet<StoredRunState> = new Set(['waiting', 'paused', 'parked']);

/** The state of a run to which nothing happens until somebody does something, or time comes; nothing for others. */
export async function atRest(store: RunStore, runId: string): Promise<StoredRunState | undefined> {
  const run = await store.get(runId);
  if (run === undefined || isEnded(run.state)) return run?.state;
  if (!resting.has(run.state)) return undefined;
  const journal = await store.journal(runId);
  return hasWork(journal, run.state) ? undefined : run.state;
}

/** It has been answered, or its time has come, and it has not gone on yet. */
function hasWork({ waits, signals }: Journal, state: StoredRunState): boolean {
  const unused = signals.filter(({ consumedSeq }) => consumedSeq === undefined);
  if (unused.some(({ channel }) => channel === 'control')) return true;
  if (state !== 'waiting') return false;
  const now = asyncScheduler.now();
  return waits
    .filter(({ closedSeq }) => closedSeq === undefined)
    .some(
      ({ name, dueAt }) =>
        unused.some((signal) => signal.name === name) || (dueAt !== undefined && dueAt <= now),
    );
}
