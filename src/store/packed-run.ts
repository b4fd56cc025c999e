import { hasOnlyEvents } from './admit-commit.ts';
import type { Seed } from './batch.ts';
import { IdempotencyConflictError, RunExistsError } from './errors.ts';
import { hashInput, type Pack } from './pack.ts';
import { type PackedBatch, type PackedPatch, packBatch } from './packed.ts';
import { leaseOf, type RunRow, type ValueRow } from './run-row.ts';
import { sumOf } from './sealed.ts';
import type { Lease, NewRun } from './stored-run.ts';

/** A run to keep, written down. */
export interface PackedRun {
  readonly run: NewRun;
  readonly inputHash: string;
  readonly values: PackedPatch['values'];
  readonly seed: PackedBatch;
}

/** Writes a new run down. Errors: those of `packBatch`. */
export function packRun(pack: Pack, run: NewRun, seed: Seed): PackedRun {
  const input = pack.value("the run's input", run.input);
  const values: PackedPatch['values'][number][] = [['input', input]];
  if (run.context !== undefined) values.push(['context', pack.value("the run's context", run.context)]);
  if (run.definition !== undefined)
    values.push(['definition', pack.value("the run's definition", run.definition)]);
  const inputHash = hashInput(run.workflow, input);
  return { run, values, inputHash, seed: packBatch(pack, run.runId, seed) };
}

/** The written-down context of a new run. */
export function packedContext({ values }: PackedRun): string | undefined {
  return values.find(([name]) => name === 'context')?.[1];
}

/** The values that a new run has, with their checksums. */
export function sealedValues({ values }: PackedRun): ValueRow[] {
  return values.map(([name, body]) => ({ name, body, sum: sumOf(body) }));
}

/** Nothing belongs to the run from the first. */
export function isBare({ seed }: PackedRun): boolean {
  return seed.events.length === 0 && hasOnlyEvents(seed);
}

/** What a store says of a run that was there: whether this request had made it, and with which lease. */
export interface KnownRun {
  readonly row: RunRow;
  readonly created: boolean;
  readonly lease?: Lease;
}

/**
 * Which run a request is about, when it is there already.
 *
 * @param keyed the row under its idempotency key
 * @param named the row under its id
 */
export function knownRun(
  { run, inputHash }: PackedRun,
  keyed: RunRow | undefined,
  named: RunRow | undefined,
): KnownRun | undefined {
  if (keyed && keyed.input_hash !== inputHash)
    throw new IdempotencyConflictError(run.idempotencyKey!, keyed.run_id);
  const row = keyed ?? named;
  if (!row) return undefined;
  const created = row.request_id === run.requestId;
  if (!keyed && !created) throw new RunExistsError(run.runId);
  const lease = leaseOf(row);
  const mine = created && lease !== undefined && lease.owner === run.lease?.owner;
  return { row, created, ...(mine && { lease }) };
}
