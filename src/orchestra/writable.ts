import { NonSerializableOutputError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { Batch } from '../store/batch.ts';
import { ValueTooLargeError } from '../store/errors.ts';

/** A value cannot be kept as it is: the same write would be refused for ever. */
export function isOfValue(error: unknown): boolean {
  return error instanceof NonSerializableOutputError || error instanceof ValueTooLargeError;
}

/** A batch without the values that cannot be kept; what they belong to is told without them. */
export function writable(batch: Batch, check: (value: unknown) => void): Batch {
  const fits = (value: unknown): boolean => {
    try {
      check(value);
      return true;
    } catch {
      return false;
    }
  };
  const { events = [], entries = [], extras = [], session, ...rest } = batch;
  return {
    ...rest,
    events: events.map((event) => (fits(event) ? event : without(event))),
    entries: entries.filter(fits),
    extras: extras.filter(fits),
    ...(session !== undefined && fits(session) && { session }),
  };
}

const values = ['input', 'output', 'chunk', 'data'] as const;

function without(event: RunEvent): RunEvent {
  const replaced = values.filter((name) => name in event).map((name) => [name, undefined]);
  return { ...event, ...Object.fromEntries(replaced) };
}
