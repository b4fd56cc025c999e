import { encode } from '../../core/codec.ts';
import type { RunEvent } from '../../core/events.ts';
import type { RunStore } from '../../store/run-store.ts';
import type { StoredRun } from '../../store/stored-run.ts';
import { exitCode } from '../exit-code.ts';
import { LinesView } from '../run/lines-view.ts';
import { LiveModel } from '../run/live-model.ts';
import { terminalOf } from '../terminal/terminal.ts';
import { eventLine } from './event-line.ts';
import { findRun } from './find-run.ts';
import { openKnownStore } from './open-store.ts';
import { runFacts } from './run-facts.ts';
import type { Standing } from './standing.ts';
import { timeline } from './timeline.ts';

/** What `tutti show` is called with. */
export interface ShowRunOptions {
  readonly store?: string;
  readonly events?: true;
  readonly json?: true;
}

/** How many events are read at once. */
const page = 1000;

/** Shows how a kept run stands and what happened in it, or its events one by one. */
export async function showCommand(given: string, options: ShowRunOptions): Promise<number> {
  const store = await openKnownStore(options.store);
  try {
    const run = await findRun(store, given);
    if (options.events) await showEvents(store, run, options.json === true);
    else await showStanding(store, run, options);
    return exitCode.completed;
  } finally {
    await store.close();
  }
}

async function showEvents(store: RunStore, run: StoredRun, isJson: boolean): Promise<void> {
  const lines = new LinesView();
  let first: number | undefined;
  for await (const event of eventsOf(store, run.runId)) {
    first ??= event.at;
    if (isJson) lines.add(event);
    else if (process.stdout.writable) process.stdout.write(`${eventLine(event, first)}\n`);
  }
}

async function showStanding(
  store: RunStore,
  run: StoredRun,
  { store: place, json }: ShowRunOptions,
): Promise<void> {
  const model = new LiveModel();
  for await (const event of eventsOf(store, run.runId)) model.add(event);
  const journal = await store.journal(run.runId);
  const waits = journal.waits.filter(({ closedSeq }) => closedSeq === undefined);
  const { checkpoints } = journal;
  const standing: Standing = { run, model, waits, checkpoints };
  const text = json
    ? JSON.stringify(asData(standing), null, 2)
    : timeline(standing, terminalOf(process.stdout), place).join('\n');
  process.stdout.write(`${text}\n`);
}

function asData({ run, model, waits, checkpoints }: Standing): object {
  const { currentStep, completedSteps, steps } = model.status;
  const facts = {
    ...(currentStep !== undefined && { currentStep }),
    completedSteps,
    steps,
    waits,
    checkpoints,
  };
  return {
    ...(runFacts(run) as object),
    ...(encode(facts) as object),
    ...(run.definition !== undefined && { definition: encode(run.definition) }),
  };
}

async function* eventsOf(store: RunStore, runId: string): AsyncIterable<RunEvent> {
  for (let from = 0; ; from += page) {
    const events = await store.events(runId, { from, limit: page });
    yield* events;
    if (events.length < page) return;
  }
}
