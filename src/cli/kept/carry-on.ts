import type { StoredRun } from '../../store/stored-run.ts';
import { exitCode } from '../exit-code.ts';
import { chooseView, type Shown, type ShowOptions } from '../run/choose-view.ts';
import { codeOf } from '../run/code-of.ts';
import { Interruption } from '../run/interruption.ts';
import { followKept } from './follow-kept.ts';
import { howToAnswer, howToGoOn } from './hints.ts';
import type { Kept } from './kept.ts';
import { say } from './say.ts';

/** How a kept run is to be followed and shown. */
export interface CarryOptions extends ShowOptions {
  readonly store?: string;
  /** Also no further than to where it only waits. */
  readonly leavesWaiting: boolean;
  /** The first event to tell in lines. */
  readonly from: number;
}

/** Shows a kept run until it ends, or is to be left, and gives what the command ends with. */
export async function carryOn(
  kept: Kept,
  runId: string,
  shown: Shown,
  options: CarryOptions,
): Promise<number> {
  const { leavesWaiting, store } = options;
  const showing = await chooseView(shown, options, (wait, id) => howToAnswer(wait, id, store), options.from);
  const interruption = new Interruption(() =>
    showing.view.interrupted('leaving the run, which is kept; Ctrl-C again stops at once'),
  );
  const { signal } = interruption;
  const followed = await followKept(kept, runId, showing.view, showing.level, { leavesWaiting, signal });
  showing.end(followed);
  if (followed.end !== undefined) return codeOf(followed.end);
  return left(signal.aborted, await kept.store.get(runId), store);
}

function left(interrupted: boolean, run: StoredRun | undefined, store: string | undefined): number {
  if (run !== undefined) say(howToGoOn(run, store));
  if (interrupted) return exitCode.cancelled;
  return run === undefined || run.state === 'parked' ? exitCode.failed : exitCode.completed;
}
