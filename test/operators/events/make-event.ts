import type { RunEvent } from 'tutti';

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

const envelope = { seq: 0, runId: 'r', path: '/a', step: 'a', attempt: 1, at: 0 };

/** An event by hand, of attempt 1 of step `a` in run `r` at 0 ms, where nothing else is said. */
export function makeEvent<T extends RunEvent['type']>(type: T, facts: Partial<EventOf<T>> = {}): EventOf<T> {
  return { type, ...envelope, ...facts } as EventOf<T>;
}
