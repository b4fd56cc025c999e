import type { RunEvent } from '../core/events.ts';
import { StoreCorruptError } from './errors.ts';
import { unpack, unpackEach } from './pack.ts';

/** The event that `eventText` wrote down. Errors: `StoreCorruptError`. */
export function readEvent(runId: string, seq: number, text: string): RunEvent {
  return placed(unpack(`event ${seq} of ${runId}`, text), runId, seq);
}

/**
 * Events of which the texts are a list in JSON. Errors: `StoreCorruptError`.
 *
 * @param first the number of the first
 */
export function readEvents(runId: string, first: number, text: string): RunEvent[] {
  return unpackEach(`event ${first} of ${runId}`, text).map((event, index) =>
    placed(event, runId, first + index),
  );
}

/** Nobody else has the event yet, so it need not be copied. */
function placed(event: unknown, runId: string, seq: number): RunEvent {
  if (typeof event === 'object' && event !== null) return Object.assign(event, { runId, seq }) as RunEvent;
  throw new StoreCorruptError(`event ${seq} of ${runId} is not as it was written`);
}
