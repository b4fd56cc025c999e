import type { StoredRunState } from '../../src/store/stored-run.ts';

/** What a run is, as far as the model knows. */
export interface ModelRun {
  readonly requestId: string;
  readonly key: string | undefined;
  readonly input: number;
  state: StoredRunState;
  owner: string | undefined;
  until: number;
  epoch: number;
  commits: number;
  last: string;
  events: number;
  readonly results: Set<string>;
  /** Whether each signal was used. */
  readonly signals: boolean[];
}

/** All that a store should hold, and the time. */
export interface Model {
  ms: number;
  readonly runs: Map<string, ModelRun>;
}

/** What a batch of the model's commands does. */
export interface SmallBatch {
  readonly number: number;
  readonly first: number;
  readonly count: number;
  readonly results: readonly string[];
  readonly consumes: readonly number[];
  readonly state: StoredRunState | undefined;
  readonly release: boolean;
}

const ended = new Set<StoredRunState>(['completed', 'failed', 'cancelled']);

/** A run has ended. */
export function hasEnded(run: ModelRun): boolean {
  return ended.has(run.state);
}

/** How a store answers a request for a run: an error's name, or whether it is new. */
export function created(model: Model, runId: string, made: ModelRun): string {
  const keyed = made.key === undefined ? undefined : [...model.runs.values()].find((r) => r.key === made.key);
  if (keyed && keyed.input !== made.input) return 'IdempotencyConflictError';
  const known = keyed ?? model.runs.get(runId);
  if (!known) model.runs.set(runId, made);
  else if (!keyed && known.requestId !== made.requestId) return 'RunExistsError';
  return String(!known || known.requestId === made.requestId);
}

/** How a store answers a commit: an error's name, or `ok`. */
export function committed(run: ModelRun | undefined, epoch: number, batch: SmallBatch): string {
  if (run?.epoch !== epoch) return 'LeaseLostError';
  const text = JSON.stringify(batch);
  if (run.commits > 0 && batch.number === run.commits) return text === run.last ? 'ok' : 'StoreConflictError';
  if (hasEnded(run)) return 'RunEndedError';
  if (run.owner === undefined) return 'LeaseLostError';
  if (conflicts(run, batch)) return 'StoreConflictError';
  run.commits = batch.number;
  run.last = text;
  run.events += batch.count;
  for (const path of batch.results) run.results.add(path);
  for (const number of batch.consumes) run.signals[number] = true;
  run.state = batch.state ?? run.state;
  if (batch.release || hasEnded(run)) run.owner = undefined;
  return 'ok';
}

function conflicts(run: ModelRun, batch: SmallBatch): boolean {
  return (
    batch.number !== run.commits + 1 ||
    (batch.count > 0 && batch.first !== run.events) ||
    new Set(batch.results).size < batch.results.length ||
    batch.results.some((path) => run.results.has(path)) ||
    new Set(batch.consumes).size < batch.consumes.length ||
    batch.consumes.some((number) => run.signals[number] !== false)
  );
}

/** How a store answers who wants a lease: an error's name, the epoch, or `held`. */
export function taken(model: Model, runId: string, owner: string, ms: number): string {
  const run = model.runs.get(runId);
  if (!run) return 'UnknownRunError';
  if (hasEnded(run)) return 'RunEndedError';
  if (run.owner !== undefined && run.owner !== owner && run.until > model.ms) return 'held';
  Object.assign(run, { owner, until: model.ms + ms, epoch: run.epoch + 1, commits: 0 });
  return String(run.epoch);
}
