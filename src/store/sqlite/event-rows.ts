import type { RunEvent } from '../../core/events.ts';
import { StoreCorruptError } from '../errors.ts';
import type { PackedBatch } from '../packed.ts';
import { readEvents } from '../read-events.ts';
import { checked, type Sealed, sumOf } from '../sealed.ts';

/** Events of one commit: all of them, unless they are many and large. */
export interface EventsRow extends Sealed {
  /** The number of the first; it is part of the checksum. */
  readonly seq: number;
  readonly count: number;
}

/** A row takes another event as long as it has less text than this. */
const mostText = 2 ** 18;

/** The rows that events make. Each commit makes one as a rule, as a row costs more than what is in it. */
export function toRows(events: PackedBatch['events']): EventsRow[] {
  const rows: EventsRow[] = [];
  for (let from = 0; from < events.length; ) {
    let text = '';
    let at = from;
    for (; at < events.length && text.length < mostText; at++)
      text += `${at === from ? '[' : ','}${events[at]!.body}`;
    const body = `${text}]`;
    const { seq } = events[from]!;
    rows.push({ seq, count: at - from, body, sum: sumOf(body, seq) });
    from = at;
  }
  return rows;
}

/** A checksum of all events that are in rows. */
export function sumOfRows(rows: readonly EventsRow[]): number {
  const [first] = rows;
  if (rows.length === 1) return first!.sum;
  return rows.reduce((before, { sum }) => sumOf(String(sum), before), 0);
}

/**
 * Events from the rows that hold them, each checked to be the one that belongs there.
 *
 * Errors: `StoreCorruptError`.
 *
 * @param from the first that is asked for; the first row may begin before
 * @param limit how many at most
 */
export function fromRows(runId: string, from: number, limit: number, rows: readonly EventsRow[]): RunEvent[] {
  const events: RunEvent[] = [];
  let next = Math.min(from, rows[0]?.seq ?? from);
  for (const row of rows) {
    if (row.seq !== next) throw new StoreCorruptError(`event ${next} of ${runId} is missing`);
    const what = `event ${row.seq} of ${runId}`;
    const found = readEvents(runId, row.seq, checked(what, row, row.seq));
    if (found.length !== row.count) throw new StoreCorruptError(`${what} is not as it was written`);
    next += row.count;
    for (const event of found) if (event.seq >= from && events.length < limit) events.push(event);
  }
  return events;
}
