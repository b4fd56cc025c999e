import { StaleApprovalError } from '../../orchestra/orchestra-errors.ts';
import type { StoredWait } from '../../store/batch.ts';
import { RunEndedError } from '../../store/errors.ts';
import { isEnded, type StoredRun } from '../../store/stored-run.ts';
import { exitCode } from '../exit-code.ts';
import { parseJson } from '../load/read-input.ts';
import { checkShowOptions } from '../run/choose-view.ts';
import { UsageError } from '../usage-error.ts';
import { findRun } from './find-run.ts';
import { type GoOnOptions, goOnAfter } from './go-on.ts';
import { type Kept, withKept } from './kept.ts';
import { openKnownStore } from './open-store.ts';
import { say } from './say.ts';

/** What commands are called with that answer a run. */
export interface AnswerOptions extends GoOnOptions {
  /** Said as `--no-run`: the run is told, and not gone on with here. */
  readonly run: boolean;
}

/** What `tutti approve` and `tutti reject` are called with. */
export interface DecideOptions extends AnswerOptions {
  readonly by?: string;
  readonly comment?: string;
}

/** Decides on an approval that a run waits for: the one of a name, or the only one. */
export async function decideCommand(
  approved: boolean,
  given: string,
  name: string | undefined,
  options: DecideOptions,
): Promise<number> {
  const { by, comment } = options;
  const decision = { ...(by !== undefined && { by }), ...(comment !== undefined && { comment }) };
  return answered(given, options, async (kept, run) => {
    const approval = name ?? (await onlyApproval(kept, run));
    const handle = kept.orchestra.handle(run.runId);
    if (approved) await handle.approve(approval, decision);
    else await handle.reject(approval, decision);
    return `${approved ? 'approved' : 'rejected'} ${approval} of run ${run.runId}`;
  });
}

/** Sends a signal to a run. */
export async function signalCommand(
  given: string,
  name: string,
  json: string | undefined,
  options: AnswerOptions,
): Promise<number> {
  const payload = json === undefined ? undefined : parseJson(json, 'the payload');
  return answered(given, options, async (kept, { runId }) => {
    await kept.orchestra.handle(runId).signal(name, payload);
    return `sent ${name} to run ${runId}`;
  });
}

async function answered(
  given: string,
  options: AnswerOptions,
  answer: (kept: Kept, run: StoredRun) => Promise<string>,
): Promise<number> {
  checkShowOptions(options);
  const { store, skills, run: goesOn } = options;
  return withKept(openKnownStore(store), { skills, tellsOnly: !goesOn }, async (kept) => {
    const run = await findRun(kept.store, given);
    if (isEnded(run.state)) throw new RunEndedError(run.runId, run.state);
    const done = await answer(kept, run);
    if (goesOn) return goOnAfter(kept, run, options, done);
    say(done);
    return exitCode.completed;
  });
}

async function onlyApproval({ store }: Kept, { runId }: StoredRun): Promise<string> {
  const { waits } = await store.journal(runId);
  const open = waits.filter((wait: StoredWait) => wait.kind === 'approval' && wait.closedSeq === undefined);
  const names = [...new Set(open.map(({ name }) => name))];
  const [only, another] = names;
  if (only === undefined) throw new StaleApprovalError(runId, '(any)', []);
  if (another === undefined) return only;
  throw new UsageError(`run ${runId} waits for several approvals; name one: ${names.join(', ')}`);
}
