import { TuttiError, textOf } from '../../core/errors.ts';
import type { StoredRun } from '../../store/stored-run.ts';
import { exitCode } from '../exit-code.ts';
import type { ShowOptions } from '../run/choose-view.ts';
import { UsageError } from '../usage-error.ts';
import { carryOn } from './carry-on.ts';
import { commandLine } from './hints.ts';
import type { Kept } from './kept.ts';
import { isOurs, type Reopened, reopen } from './kept-definition.ts';
import { say } from './say.ts';

/** How a run that is there is to be gone on with. */
export interface GoOnOptions extends ShowOptions {
  readonly store?: string;
  readonly skills?: readonly string[];
}

/** Shows how a run goes on, here, or in another process as long as that lives: to its end. */
export async function goOn(kept: Kept, run: StoredRun, options: GoOnOptions): Promise<number> {
  const { runId } = run;
  const { opened } = await reopened(run, options);
  if (!(await kept.orchestra.take(runId)))
    say(`another process has run ${runId}; it is shown, and taken up here if that process is gone`);
  return carryOn(kept, runId, opened, { ...options, leavesWaiting: false, from: run.nextSeq });
}

/**
 * Shows how a run goes on with which something has been done, to its end or to where it waits again; nothing where others run it.
 *
 * @param done what has been done
 */
export async function goOnAfter(
  kept: Kept,
  run: StoredRun,
  options: GoOnOptions,
  done: string,
): Promise<number> {
  const { runId } = run;
  if (!isOurs(run)) say(`${done}; the program that started the run goes on with it`);
  else {
    const { opened } = await reopened(run, options, done);
    if (await kept.orchestra.take(runId))
      return carryOn(kept, runId, opened, { ...options, leavesWaiting: true, from: run.nextSeq });
    say(`${done}; another process has the run, and goes on with it`);
  }
  return exitCode.completed;
}

/** Makes its workflow again. Errors: {@link UsageError} with what is missing, and what can be done. */
async function reopened(run: StoredRun, { skills, store }: GoOnOptions, done?: string): Promise<Reopened> {
  try {
    return await reopen(run, skills);
  } catch (cause) {
    if (!(cause instanceof TuttiError) || !isOurs(run)) throw cause;
    const stands = done ?? `run ${run.runId} is left as it is`;
    const again = commandLine(`resume ${run.runId} --skills MODULE`, store);
    throw new UsageError(
      `${stands}. It cannot go on here: ${textOf(cause)}\n${again} goes on with other modules`,
      {
        cause,
      },
    );
  }
}
