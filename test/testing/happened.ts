import type { RunEvent } from 'tutti';

type Facts<T extends RunEvent['type']> = Partial<Extract<RunEvent, { type: T }>>;

/** An event made up for a test, with only those facts that the test is about. */
export function happened<T extends RunEvent['type']>(type: T, path = '', facts: Facts<T> = {}): RunEvent {
  const envelope = { seq: 0, runId: 'r1', path, step: path.split('/').at(-1) ?? '', attempt: 1, at: 0 };
  return { ...envelope, ...totals(type), type, ...facts } as RunEvent;
}

/** Numbers events, and moves them in time by their `at`, if they have none, to that of the event before. */
export function stream(...events: readonly RunEvent[]): RunEvent[] {
  let at = 0;
  return events.map((event, seq) => {
    at = event.at === 0 ? at : event.at;
    return { ...event, seq, at };
  });
}

const totals = (type: string): object => (/^run\.(c|f)/.test(type) ? { costUsd: 0, durationMs: 0 } : {});
