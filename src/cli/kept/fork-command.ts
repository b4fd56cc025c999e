import type { StoredRun } from '../../store/stored-run.ts';
import { readInput } from '../load/read-input.ts';
import { setPath } from '../load/set-path.ts';
import { checkShowOptions } from '../run/choose-view.ts';
import { UsageError } from '../usage-error.ts';
import { findRun } from './find-run.ts';
import { type GoOnOptions, goOn } from './go-on.ts';
import { type Kept, withKept } from './kept.ts';
import { reopen } from './kept-definition.ts';
import { openKnownStore } from './open-store.ts';
import { say } from './say.ts';

/** What `tutti fork` is called with. */
export interface ForkOptions extends GoOnOptions {
  readonly from?: string;
  readonly input?: string;
  readonly set?: readonly string[];
}

/** Makes a new run of one that is there: with what had completed before a step, or, without one, all that completed of a failed run. */
export async function forkCommand(given: string, options: ForkOptions): Promise<number> {
  checkShowOptions(options);
  const { from, set = [] } = options;
  const replaced = await readInput(options.input);
  return withKept(openKnownStore(options.store), options, async (kept) => {
    const { store, orchestra } = kept;
    const origin = await findRun(store, given);
    const isChanged = replaced !== undefined || set.length > 0;
    const input = isChanged ? set.reduce(setPath, replaced ?? origin.input) : undefined;
    // Before a run is made that could not begin.
    await reopen(origin, options.skills);
    const fork =
      from === undefined && !isChanged
        ? await orchestra.retryFailed(origin.runId)
        : await orchestra.fork(origin.runId, {
            from: await pathOf(kept, origin, from),
            ...(input !== undefined && { input }),
          });
    say(`run ${fork.runId} is forked from ${origin.runId}`);
    const run = await findRun(store, fork.runId);
    return goOn(kept, { ...run, nextSeq: 0 }, options);
  });
}

/** The path of the step to run from, which may be named by its id. */
async function pathOf({ orchestra }: Kept, { runId }: StoredRun, from: string | undefined): Promise<string> {
  if (from === undefined)
    throw new UsageError('with another input, name the step to run again from: --from STEP');
  if (from.startsWith('/')) return from;
  const { steps } = await orchestra.handle(runId).status();
  const paths = [...new Set(steps.filter(({ id }) => id === from).map(({ path }) => path))];
  const [only, another] = paths;
  if (only === undefined)
    throw new UsageError(
      `run ${runId} has begun no step ${from}; it has begun ${steps.map(({ path }) => path).join(', ')}`,
    );
  if (another === undefined) return only;
  throw new UsageError(`several steps are called ${from}; name one by its path: ${paths.join(', ')}`);
}
