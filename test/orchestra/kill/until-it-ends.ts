import { existsSync, readFileSync } from 'node:fs';
import { type Observable, retry, throwError, timer } from 'rxjs';
import type { RunEvent } from 'tutti';
import { Orchestra } from 'tutti/orchestra';
import type { RunStore } from '../../../src/store/run-store.ts';
import type { StoredRun } from '../../../src/store/stored-run.ts';
import { answer } from '../long-workflow.ts';
import { openStore } from './open-store.ts';
import { chance, type Place, type Plan, planOf } from './plan.ts';
import type { Workers } from './workers.ts';

/** A line of the ledger: what a body told of itself. */
export interface Line {
  readonly life: number;
  readonly what: 'start' | 'end';
  readonly path: string;
  readonly attempt: number;
}

/** A kill, and what there was right after it. */
export interface Kill {
  readonly plan: Plan;
  readonly events: readonly RunEvent[];
  /** How many lines the ledger had. */
  readonly lines: number;
}

/** A run that was killed again and again until it ended. */
export interface Chronicle {
  readonly seed: number;
  readonly kills: readonly Kill[];
  readonly ledger: readonly Line[];
  readonly stored: StoredRun | undefined;
  readonly events: readonly RunEvent[];
  /** What somebody heard who followed the run all the time, from another process. */
  readonly heard: readonly RunEvent[];
  /** What workers said that ended by themselves or complained. */
  readonly said: string;
}

/** Runs the workflow in one process after another, each of which is killed as the seed says, until it ends. */
export async function untilItEnds(
  place: Place,
  workers: Workers,
  seed: number,
  maxKills = 60,
): Promise<Chronicle> {
  const random = chance(seed);
  const runId = `r${seed}`;
  const store = openStore(place);
  const watching = new Orchestra({ store, recoverEvery: false });
  const heard: RunEvent[] = [];
  let over = (): void => {};
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  const following = onceThere(watching.handle(runId).events$).subscribe({
    next: (event) => {
      heard.push(event);
      if (event.type === 'step.waiting' && event.wait.kind === 'event') void send(store, runId);
    },
    complete: () => over(),
  });
  const kills: Kill[] = [];
  const before = linesOf(place).length;
  const ledger = (): Line[] => linesOf(place).slice(before);
  let said = '';
  for (let life = 0; ; life++) {
    const plan = life < maxKills ? planOf(random, life) : undefined;
    const ending = await workers.run({ runId, life, plan });
    said += ending.said.replace('ready\n', '');
    if (!ending.killed || plan === undefined) break;
    kills.push({ plan, events: await allOf(store, runId), lines: ledger().length });
  }
  await ended;
  following.unsubscribe();
  const chronicle = {
    ...{ seed, kills, said, heard, ledger: ledger() },
    stored: await store.get(runId),
    events: await allOf(store, runId),
  };
  await watching.close();
  return chronicle;
}

/** The events of a run that may not have been made yet. */
function onceThere(events$: Observable<RunEvent>): Observable<RunEvent> {
  const delay = (error: { code?: unknown }) =>
    error.code === 'UNKNOWN_RUN' ? timer(10) : throwError(() => error);
  return events$.pipe(retry({ delay }));
}

/** The same signal, however often it is sent. */
async function send(store: RunStore, runId: string): Promise<void> {
  try {
    await store.signal(runId, { id: 'the answer', channel: 'event', ...answer });
  } catch (error) {
    // What was heard may be long past.
    if ((error as { code?: unknown }).code !== 'RUN_ENDED') throw error;
  }
}

async function allOf(store: RunStore, runId: string): Promise<readonly RunEvent[]> {
  return store.events(runId, { limit: 100_000 });
}

function linesOf({ ledger }: Place): Line[] {
  if (!existsSync(ledger)) return [];
  const text = readFileSync(ledger, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
