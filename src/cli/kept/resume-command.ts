import { RunEndedError } from '../../store/errors.ts';
import { isEnded } from '../../store/stored-run.ts';
import { readInput } from '../load/read-input.ts';
import { checkShowOptions } from '../run/choose-view.ts';
import { findRun } from './find-run.ts';
import { type GoOnOptions, goOn } from './go-on.ts';
import { withKept } from './kept.ts';
import { openKnownStore } from './open-store.ts';

/** What `tutti resume` is called with. */
export interface ResumeOptions extends GoOnOptions {
  readonly context?: string;
}

/** Goes on with a run that is paused, or that nobody runs, and shows it to its end. */
export async function resumeCommand(given: string, options: ResumeOptions): Promise<number> {
  checkShowOptions(options);
  const extra = await readInput(options.context);
  return withKept(openKnownStore(options.store), options, async (kept) => {
    const run = await findRun(kept.store, given);
    if (isEnded(run.state)) throw new RunEndedError(run.runId, run.state);
    const handle = kept.orchestra.handle(run.runId);
    // What is to be added is so only to a run that is paused: for others, this is refused.
    if (run.state === 'paused' || extra !== undefined) await handle.resume(extra);
    if (run.state === 'parked') await kept.orchestra.migrate(run.runId);
    return goOn(kept, run, options);
  });
}
