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
export interface PackedBatch extends Pick<Batch, 'release'> {
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
}

/**
 * Writes a batch down, or what a run has from the first.
 *
 * Errors: `NonSerializableOutputError` and `ValueTooLargeError` for its values; `StoreConflictError` for events of another run, or
 * that do not follow on one another.
 */
export function packBatch(pack: Pack, runId: string, batch: Seed & Partial<Batch>): PackedBatch {
  const { number = 0, events = [], entries = [], opens = [], extras = [], run = {}, session } = batch;
  const first = events[0]?.seq ?? 0;
  return {
    number,
    events: events.map((event, index) => {
      if (event.runId !== runId)
        throw new StoreConflictError(runId, `event ${event.seq} is of ${event.runId}`);
      if (event.seq !== first + index)
        throw new StoreConflictError(runId, `event ${first + index} is missing before ${event.seq}`);
      return { seq: event.seq, body: pack.event(event) };
    }),
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
    ...(batch.release && { release: true }),
  };
}

/** Tells a run's journal entries of one path apart. */
function keyOf(entry: JournalEntry): string {
  return `${entry.pass ?? ''}/${entry.type === 'fact' ? `fact:${entry.name}` : 'result'}`;
}

function packPatch(pack: Pack, { output, error, context, ...facts }: RunPatch): PackedPatch {
  if (output === undefined && error === undefined && context === undefined) return { facts, values: [] };
  const given = { output, error, context };
  const values = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    facts,
    values: values.map(([name, value]) => [name as RunValue, pack.value(`the run's ${name}`, value)]),
  };
}
