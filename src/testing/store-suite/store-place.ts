import { afterEach } from 'vitest';
import type { RunEvent } from '../../core/events.ts';
import type { Batch, JournalEntry } from '../../store/batch.ts';
import type { StoreOptions } from '../../store/pack.ts';
import type { Awaitable, RunStore } from '../../store/run-store.ts';
import type { Lease, NewRun } from '../../store/stored-run.ts';

/** Where the stores of one test keep their runs: a file, a schema of a database; empty at first. */
export interface StorePlace {
  /** A store over the place. Called again, it gives a handle of its own, as another process would have. */
  open(options: StoreOptions): RunStore;
  /** Gives the place back, when its stores are closed. */
  remove?(): Awaitable<void>;
}

/** A clock that stands still until it is moved. */
export interface HandClock {
  ms: number;
  now(): number;
}

/** The stores of one test. */
export interface Opened {
  readonly store: RunStore;
  readonly clock: HandClock;
  /** Another handle on the same place. */
  another(): RunStore;
}

/** Opens a new place. */
export type Open = (options?: StoreOptions) => Promise<Opened>;

/** What opens places, and closes after each test what was opened in it. */
export function opener(place: () => Awaitable<StorePlace>): Open {
  const undo: (() => Awaitable<void>)[] = [];
  afterEach(async () => {
    for (const back of undo.splice(0).reverse()) await back();
  });
  return async (options = {}) => {
    const opened = await place();
    const clock: HandClock = { ms: 1000, now: () => clock.ms };
    if (opened.remove) undo.push(() => opened.remove?.());
    const another = (): RunStore => {
      const store = opened.open({ clock, ...options });
      undo.push(() => store.close());
      return store;
    };
    return { store: another(), clock, another };
  };
}

/** A run to keep, `r1` unless told otherwise. */
export function newRun(facts: Partial<NewRun> = {}): NewRun {
  const runId = facts.runId ?? 'r1';
  return {
    ...{ requestId: `request of ${runId}`, workflow: 'review', version: '1', input: { text: 'a' } },
    ...{ createdAt: 5, ...facts, runId },
  };
}

/** A new run that `owner` has for a second, and its lease. */
export async function leased(store: RunStore, facts: Partial<NewRun> = {}, owner = 'me'): Promise<Lease> {
  const { lease } = await store.create(newRun({ ...facts, lease: { owner, ms: 1000 } }));
  if (lease) return lease;
  throw new TypeError('the run was created without the lease that it was to have');
}

/** Events of `r1`, numbered from `first`. */
export function events(first: number, count: number, runId = 'r1'): RunEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ type: 'custom', name: 'n', data: { n: first + index }, runId, seq: first + index },
    ...{ path: '/a', step: 'a', attempt: 1, at: 5 },
  }));
}

/** The result of step `/a`, or of another path. */
export function result(facts: Partial<JournalEntry & { type: 'result' }> = {}): JournalEntry {
  return {
    ...{ type: 'result', path: '/a', seq: 0, state: 'completed', attempt: 1, output: 'x' },
    ...{ source: 'live', costUsd: 0.5, startedAt: 5, endedAt: 6, ...facts },
  };
}

/** What a call is refused with, whether it throws or rejects; `undefined` when it is not. */
export async function refusal(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** All that a store says of a run. */
export async function everything(store: RunStore, runId = 'r1'): Promise<unknown> {
  return {
    run: await store.get(runId),
    events: await store.events(runId),
    journal: await store.journal(runId),
  };
}

/** A commit with all that one can hold, after one signal. */
export const fullBatch: Batch = {
  number: 1,
  events: events(0, 3),
  entries: [result(), { type: 'fact', path: '/b', name: 'winner', seq: 1, value: 'left' }],
  run: { state: 'running', costUsd: 0.5, startedAt: 7, context: { topic: 't' } },
  opens: [{ path: '/w', kind: 'approval', name: 'ok', dueAt: 2000, seq: 2 }],
  consumes: [{ number: 0, seq: 1 }],
  checkpoints: [{ id: 'c1', name: 'before', seq: 2 }],
  extras: [{ seq: 0, value: { hint: 'h' } }],
};
