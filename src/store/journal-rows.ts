import type { RunEvent } from '../core/events.ts';
import type { Journal, NewSignal, StoredCheckpoint, StoredSignal, StoredWait } from './batch.ts';
import { StoreConflictError, StoreCorruptError } from './errors.ts';
import { readEvent } from './read-events.ts';
import { checked, type Sealed, unseal } from './sealed.ts';

/** An event's row. */
export interface EventRow extends Sealed {
  readonly seq: number;
}

/** A wait's row. */
export interface WaitRow extends Sealed {
  readonly closed_seq: number | null;
}

/** A signal's row. */
export interface SignalRow extends Sealed {
  readonly number: number;
  readonly id: string;
  readonly channel: StoredSignal['channel'];
  readonly name: string;
  readonly received_at: number;
  readonly received_seq: number;
  readonly consumed_seq: number | null;
}

/** A checkpoint's row. */
export interface CheckpointRow {
  readonly id: string;
  readonly name: string | null;
  readonly seq: number;
}

/** The rows of a {@link Journal}, in the order of writing. */
export interface JournalRows {
  readonly entries: readonly Sealed[];
  readonly waits: readonly WaitRow[];
  readonly signals: readonly SignalRow[];
  readonly checkpoints: readonly CheckpointRow[];
  readonly extras: readonly Sealed[];
}

/** Events from their rows, each checked to be the one that belongs there. */
export function toEvents(runId: string, from: number, rows: readonly EventRow[]): RunEvent[] {
  return rows.map((row, index) => {
    if (row.seq !== from + index) throw new StoreCorruptError(`event ${from + index} of ${runId} is missing`);
    return readEvent(runId, row.seq, checked(`event ${row.seq} of ${runId}`, row));
  });
}

/** A journal from its rows. */
export function toJournal(runId: string, rows: JournalRows): Journal {
  const what = (thing: string): string => `${thing} of ${runId}`;
  return {
    entries: rows.entries.map((entry) => unseal(what('a journal entry'), entry)),
    waits: rows.waits.map((wait) => ({
      ...unseal<StoredWait>(what('a wait'), wait),
      ...(wait.closed_seq !== null && { closedSeq: wait.closed_seq }),
    })),
    signals: rows.signals.map((signal) => toSignal(runId, signal)),
    checkpoints: rows.checkpoints.map((checkpoint) => toCheckpoint(runId, checkpoint)),
    extras: rows.extras.map((extra) => unseal(what('what was given on resuming'), extra)),
  };
}

/** A checkpoint, from its row. */
export function toCheckpoint(runId: string, { id, name, seq }: CheckpointRow): StoredCheckpoint {
  return { id, seq, runId, ...(name !== null && { name }) };
}

/** A signal, from its row. */
export function toSignal(runId: string, row: SignalRow): StoredSignal {
  return {
    id: row.id,
    channel: row.channel,
    name: row.name,
    payload: unseal(`signal ${row.number} of ${runId}`, row),
    number: row.number,
    receivedAt: row.received_at,
    receivedSeq: row.received_seq,
    ...(row.consumed_seq !== null && { consumedSeq: row.consumed_seq }),
  };
}

/** The signal that is kept under an id. Errors: `StoreConflictError` when the one that is sent is not the same. */
export function sameSignal(
  runId: string,
  known: SignalRow,
  { id, channel, name }: NewSignal,
  body: string,
): StoredSignal {
  if (known.channel === channel && known.name === name && known.body === body) return toSignal(runId, known);
  throw new StoreConflictError(runId, `signal ${id} came in with another content`);
}
