import type { JournalEntry, Seed, StoredSignal } from '../store/batch.ts';
import type { RunStore } from '../store/run-store.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { hashOf } from './input-hash.ts';
import { readAll } from './opening.ts';
import { UnknownStepError } from './orchestra-errors.ts';
import { Past, partialsNote } from './past.ts';

/** What a new run is to have of another. */
export type ForkPlan =
  | { readonly kind: 'from'; readonly path: string; readonly input?: unknown }
  | { readonly kind: 'restore'; readonly seq: number }
  | { readonly kind: 'failed' };

/** What a new run begins with. */
export interface Fork {
  readonly input: unknown;
  readonly seed: Seed;
  /** The last event of the origin that it knows of. */
  readonly seq: number;
  readonly signals: readonly StoredSignal[];
}

/** Works out what a new run has of another: completed results, and what was noted beside them. */
export async function forkOf(store: RunStore, origin: StoredRun, plan: ForkPlan): Promise<Fork> {
  const { runId } = origin;
  const seq = await lastSeq(store, origin, plan);
  const { entries, signals } = await store.journal(runId);
  const past = await readAll(store, runId, new Past(entries.filter((entry) => entry.seq <= seq)), seq);
  return {
    input: plan.kind === 'from' && plan.input !== undefined ? plan.input : origin.input,
    seed: { entries: [...keptOf(past, plan.kind === 'restore')] },
    seq,
    signals: plan.kind === 'restore' ? signals.filter((signal) => isUnused(signal, seq)) : [],
  };
}

/** Signals up to the moment of a checkpoint that nobody had made use of by then. */
function isUnused({ channel, receivedSeq, consumedSeq }: StoredSignal, seq: number): boolean {
  return channel === 'event' && receivedSeq < seq && (consumedSeq === undefined || consumedSeq >= seq);
}

async function lastSeq(store: RunStore, { runId, nextSeq }: StoredRun, plan: ForkPlan): Promise<number> {
  if (plan.kind === 'restore') return plan.seq;
  if (plan.kind === 'failed') return nextSeq - 1;
  for (let from = 0; from < nextSeq; ) {
    const events = await store.events(runId, { from, limit: 1000 });
    const first = events.find(({ type, path }) => type === 'step.started' && path === plan.path);
    if (first !== undefined) return first.seq - 1;
    if (events.length === 0) break;
    from += events.length;
  }
  throw new UnknownStepError(runId, plan.path);
}

/** @param timers whether waits that were open keep their time */
function* keptOf(past: Past, timers: boolean): Iterable<JournalEntry> {
  for (const [path, step] of past.steps) {
    if (step.kind !== 'ended' || step.failed) continue;
    const inputHash = hashOf(step.input);
    yield {
      type: 'result',
      state: 'completed',
      path,
      seq: step.seq,
      attempt: 1,
      ...(inputHash !== undefined && { inputHash }),
      output: step.payload,
      costUsd: 0,
      startedAt: 0,
      endedAt: 0,
    };
    if (step.partials !== undefined)
      yield { type: 'fact', path, name: partialsNote, value: step.partials, seq: step.seq };
  }
  for (const { pass: _, ...fact } of past.facts.ofNow())
    if (isStructural(fact.name) && (timers || fact.name !== 'dueAt')) yield fact;
}

/** What policies note is of attempts that the new run does not have. */
function isStructural(name: string): boolean {
  return !name.includes('@') && name !== 'cancelled';
}
