import type { Awaitable, RunStore } from '../store/run-store.ts';
import type { Estate } from './durable-run.ts';
import { Past } from './past.ts';
import { whenGiven } from './when-given.ts';

/** How many events are read at once. */
const page = 2000;

/** That of a run which has just been made, and so has lived nowhere. */
export function newEstate(): Estate {
  return { past: new Past(), openWaits: [], signals: [] };
}

/** What the earlier lives of a run left in its store. */
export function estateOf(store: RunStore, runId: string): Awaitable<Estate> {
  return whenGiven(store.journal(runId), ({ entries, waits, signals }) => {
    const openWaits = waits.filter(({ closedSeq }) => closedSeq === undefined).map(({ path }) => path);
    return whenGiven(readAll(store, runId, new Past(entries)), (past) => ({ past, openWaits, signals }));
  });
}

/** Reads the events of a run up to number `last` into a past. */
export function readAll(
  store: RunStore,
  runId: string,
  past: Past,
  last = Number.POSITIVE_INFINITY,
): Awaitable<Past> {
  return whenGiven(store.events(runId, { from: past.events, limit: page }), (events) => {
    for (const event of events) if (event.seq <= last) past.read(event);
    return events.length < page || past.events > last ? past : readAll(store, runId, past, last);
  });
}
