import type { RunEvent } from 'tutti';

type Facts<T> = T extends RunEvent
  ? Omit<T, 'seq' | 'runId' | 'at' | 'attempt' | 'step'> & { attempt?: number }
  : never;

/** Events of a run, numbered from 0, at times that are ten times their numbers. */
export function told(...all: readonly Facts<RunEvent>[]): RunEvent[] {
  return all.map(
    (facts, seq) =>
      ({
        seq,
        runId: 'r',
        at: seq * 10,
        attempt: 1,
        step: facts.path.replace(/.*\//, ''),
        ...facts,
      }) as RunEvent,
  );
}
