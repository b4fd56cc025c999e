import type { RunEvent } from '../core/events.ts';
import type { Batch, JournalEntry, Seed } from './batch.ts';
import { StoreConflictError } from './errors.ts';
import type { Pack } from './pack.ts';
import type { RunPatch } from './stored-run.ts';

/** The values of a run that may be large, and so are kept apart from its facts. */
export type RunValue = 'input' | 'output' | 'error' | 'context' | 'definition';

/** A {@link RunPatch} with its values written down. */
export interface PackedPatch {
  readonly facts: Omit<RunPatch, RunValue>;
  readonly values: readonly (readonly [RunValue, string])[];
}

interface Packed {
  readonly seq: number;
  readonly body: string;
}

/** A {@link Batch} with its values written down, so that nothing can fail any more for what they are. */
export interface PackedBatch {
  /** 0 for what a run has from the first. */
  readonly number: number;
  readonly events: readonly Packed[];
  readonly entries: readonly (Packed & { readonly path: string; readonly key: string })[];
  readonly opens: readonly (Packed & {
    readonly path: string;
    readonly name: string;
    readonly dueAt: number | null;
  })[];
  readonly extras: readonly Packed[];
  readonly closes: NonNullable<Batch['closes']>;
  readonly consumes: NonNullable<Batch['consumes']>;
  readonly checkpoints: NonNullable<Batch['checkpoints']>;
  readonly patch: PackedPatch;
  readonly session: string | undefined;
  readonly release: Batch['release'];
}

/**
 * Writes a batch down, or what a run has from the first.
 *
 * Errors: `NonSerializableOutputError` and `ValueTooLargeError` for its values; `StoreConflictError` for events of another run, or
 * that do not follow on one another.
 */
export function packBatch(pack: Pack, runId: string, batch: Seed & Partial<Batch>): PackedBatch {
  const { number = 0, events = [], entries = [], opens = [], extras = [], run = {}, session } = batch;
  return {
    number,
    events: packEvents(pack, runId, events),
    entries: entries.map((entry) => ({
      path: entry.path,
      key: keyOf(entry),
      seq: entry.seq,
      body: pack.value(
        `the ${entry.type === 'fact' ? `fact ${entry.name}` : 'result'} of ${entry.path}`,
        entry,
      ),
    })),
    opens: opens.map((wait) => ({
      path: wait.path,
      name: wait.name,
      seq: wait.seq,
      dueAt: wait.dueAt ?? null,
      body: pack.value(`the wait of ${wait.path}`, wait),
    })),
    extras: extras.map((extra) => ({
      seq: extra.seq,
      body: pack.value('what was given on resuming', extra),
    })),
    closes: batch.closes ?? [],
    consumes: batch.consumes ?? [],
    checkpoints: batch.checkpoints ?? [],
    patch: packPatch(pack, run),
    session: session && pack.value("the session's context", session.context),
    release: batch.release,
  };
}

function packEvents(pack: Pack, runId: string, events: readonly RunEvent[]): Packed[] {
  const packed: Packed[] = [];
  let next = events[0]?.seq ?? 0;
  for (const event of events) {
    const { seq } = event;
    if (event.runId !== runId) throw new StoreConflictError(runId, `event ${seq} is of ${event.runId}`);
    if (seq !== next) throw new StoreConflictError(runId, `event ${next} is missing before ${seq}`);
    packed.push({ seq, body: pack.event(event) });
    next++;
  }
  return packed;
}

/** Tells a run's journal entries of one path apart. */
function keyOf(entry: JournalEntry): string {
  return `${entry.pass ?? ''}/${entry.type === 'fact' ? `fact:${entry.name}` : 'result'}`;
}

const noPatch: PackedPatch = { facts: {}, values: [] };

function packPatch(pack: Pack, patch: RunPatch): PackedPatch {
  if (Object.keys(patch).length === 0) return noPatch;
  const { output, error, context, ...facts } = patch;
  if (output === undefined && error === undefined && context === undefined) return { facts, values: [] };
  const given = { output, error, context };
  const values = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    facts,
    values: values.map(([name, value]) => [name as RunValue, pack.value(`the run's ${name}`, value)]),
  };
}
