import { concatMap, lastValueFrom, takeUntil, takeWhile, timer } from 'rxjs';
import { textOf } from '../../core/errors.ts';
import { isEnded, type StoredRun } from '../../store/stored-run.ts';
import { exitCode } from '../exit-code.ts';
import { dollars } from '../terminal/amounts.ts';
import { findRun } from './find-run.ts';
import { type Kept, withKept } from './kept.ts';
import { isOurs, reopen } from './kept-definition.ts';
import { openKnownStore } from './open-store.ts';
import { runFacts } from './run-facts.ts';
import { answer, say } from './say.ts';
import { isFree } from './state-of.ts';

/** What `tutti pause` and `tutti cancel` are called with. */
export interface TellOptions {
  readonly store?: string;
  readonly skills?: readonly string[];
  readonly reason?: string;
  readonly json?: true;
}

/** How long to wait, in milliseconds, for what was asked for: until a process that has died is known to be dead, and more. */
const patienceMs = 15_000;

/** How often to look. */
const lookMs = 250;

/** Pauses a run: what runs goes on to its end, nothing new begins. */
export async function pauseCommand(given: string, options: TellOptions): Promise<number> {
  const { reason } = options;
  return withKept(openKnownStore(options.store), { tellsOnly: true }, async (kept) => {
    const { runId } = await findRun(kept.store, given);
    await kept.orchestra.handle(runId).pause(reason);
    return told(kept, runId, 'paused', options);
  });
}

/** Cancels a run: bodies are told to stop, and what has completed is undone where the workflow says how. */
export async function cancelCommand(given: string, options: TellOptions): Promise<number> {
  const { skills, reason } = options;
  return withKept(openKnownStore(options.store), { skills }, async (kept) => {
    const run = await findRun(kept.store, given);
    // What cannot be made again cannot be ended gracefully: that is said before anything is asked for.
    if (isOurs(run) && !isEnded(run.state)) await reopen(run, skills);
    await kept.orchestra.handle(run.runId).cancel(reason);
    return told(kept, run.runId, 'cancelled', options);
  });
}

/** Waits until it is done, where there is somebody to do it, and says how the run stands. */
async function told(
  kept: Kept,
  runId: string,
  wanted: 'paused' | 'cancelled',
  { json }: TellOptions,
): Promise<number> {
  const takes = wanted === 'cancelled';
  const troubles = kept.troubles$.subscribe(({ error }) => say(textOf(error)));
  const looks$ = timer(0, lookMs).pipe(
    takeUntil(timer(patienceMs)),
    concatMap(() => look(kept, runId, takes)),
    takeWhile((run) => run !== undefined && !isSettled(run, wanted, takes), true),
  );
  const run = await lastValueFrom(looks$, { defaultValue: undefined });
  troubles.unsubscribe();
  if (run === undefined) return exitCode.failed;
  answer([wordsOn(run, wanted)], runFacts(run), json === true);
  return isEnded(run.state) && run.state !== wanted ? exitCode.failed : exitCode.completed;
}

async function look(
  { store, orchestra }: Kept,
  runId: string,
  takes: boolean,
): Promise<StoredRun | undefined> {
  const run = await store.get(runId);
  if (takes && run !== undefined && !isEnded(run.state) && isOurs(run)) await orchestra.take(runId);
  return run;
}

/** It is as it was to be, or nobody is there to make it so. */
function isSettled(run: StoredRun, wanted: string, takes: boolean): boolean {
  return run.state === wanted || isEnded(run.state) || (isFree(run) && !(takes && isOurs(run)));
}

function wordsOn(run: StoredRun, wanted: string): string {
  const { runId, state, costUsd } = run;
  if (state === wanted)
    return `run ${runId} is ${state}${isEnded(state) ? `; it cost ${dollars(costUsd)}` : ''}`;
  if (isEnded(state)) return `run ${runId} had ended before: it is ${state}`;
  return `run ${runId} is to be ${wanted}; it will be when its process hears of it, or when it is taken up`;
}
