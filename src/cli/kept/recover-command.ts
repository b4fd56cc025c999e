import { concatMap, lastValueFrom, takeUntil, takeWhile, timer } from 'rxjs';
import { textOf } from '../../core/errors.ts';
import { allClaimable } from '../../orchestra/all-claimable.ts';
import type { StoredRun } from '../../store/stored-run.ts';
import { exitCode } from '../exit-code.ts';
import { Interruption } from '../run/interruption.ts';
import { LinesView } from '../run/lines-view.ts';
import { QuietView } from '../run/quiet-view.ts';
import { dollars } from '../terminal/amounts.ts';
import { clean } from '../terminal/clean.ts';
import { terminalOf } from '../terminal/terminal.ts';
import { followKept } from './follow-kept.ts';
import { howToGoOn } from './hints.ts';
import { type Kept, leaseMs, withKept } from './kept.ts';
import { isOurs, reopen } from './kept-definition.ts';
import { openKnownStore } from './open-store.ts';
import { say } from './say.ts';

/** What `tutti recover` is called with. */
export interface RecoverOptions {
  readonly store?: string;
  readonly skills?: readonly string[];
  readonly json?: true;
}

/** How often to look for runs whose process has died. */
const lookMs = 500;

/** Takes up every run that nobody runs and that has something to do, and runs them to their ends, or to where they wait. */
export async function recoverCommand(options: RecoverOptions): Promise<number> {
  return withKept(openKnownStore(options.store), options, async (kept) => {
    const interruption = new Interruption(() =>
      say('leaving the runs, which are kept; Ctrl-C again stops at once'),
    );
    const recovery = new Recovery(kept, options, interruption.signal);
    await recovery.look();
    const codes = await recovery.ends();
    if (interruption.signal.aborted) return exitCode.cancelled;
    if (codes.length === 0) say('there is nothing to take up');
    return codes.includes(exitCode.failed) ? exitCode.failed : exitCode.completed;
  });
}

class Recovery {
  readonly #kept: Kept;
  readonly #options: RecoverOptions;
  readonly #signal: AbortSignal;
  readonly #inLines: boolean;
  /** By run: what comes of it. */
  readonly #tried = new Map<string, Promise<number>>();
  /** By run: until when the lease of its process held that may be gone. */
  readonly #leases = new Map<string, number>();

  constructor(kept: Kept, options: RecoverOptions, signal: AbortSignal) {
    this.#kept = kept;
    this.#options = options;
    this.#signal = signal;
    this.#inLines = options.json === true || !terminalOf(process.stdout).isTTY;
  }

  /** Looks for runs, until it is known of each that somebody runs it. */
  async look(): Promise<void> {
    const looks$ = timer(0, lookMs).pipe(
      takeUntil(timer(leaseMs + 2 * lookMs)),
      concatMap((count) => this.#lookOnce(count === 0)),
      takeWhile((isUnsure) => isUnsure && !this.#signal.aborted),
    );
    await lastValueFrom(looks$, { defaultValue: false });
  }

  /** How the runs ended that were taken up. */
  ends(): Promise<number[]> {
    return Promise.all(this.#tried.values());
  }

  async #lookOnce(isFirst: boolean): Promise<boolean> {
    for await (const { runId } of allClaimable(this.#kept.store))
      if (!this.#tried.has(runId)) this.#tried.set(runId, this.#recover(runId));
    const { runs } = await this.#kept.store.list({ states: ['pending', 'running'], limit: 1000 });
    const unsure = runs.filter((run) => this.#mayBeLeft(run));
    if (isFirst && unsure.length > 0)
      say(`${unsure.length} more may have been left; that is known in ${leaseMs / 1000} s at most`);
    return unsure.length > 0;
  }

  /** Its process has given no sign of life since it was first looked at. */
  #mayBeLeft(run: StoredRun): boolean {
    const { runId, owner, leaseUntil = 0 } = run;
    if (this.#tried.has(runId) || owner === undefined) return false;
    const known = this.#leases.get(runId) ?? leaseUntil;
    this.#leases.set(runId, known);
    return known === leaseUntil;
  }

  async #recover(runId: string): Promise<number> {
    const { store, orchestra } = this.#kept;
    const run = await store.get(runId);
    if (run === undefined) return exitCode.completed;
    try {
      if (!isOurs(run)) {
        say(`run ${runId} was started by a program, which goes on with it`);
        return exitCode.completed;
      }
      await reopen(run, this.#options.skills);
      if (!(await orchestra.take(runId))) return exitCode.completed;
      return await this.#follow(run);
    } catch (error) {
      say(`run ${runId} is left as it is: ${textOf(error)}`);
      return exitCode.failed;
    }
  }

  async #follow({ runId, workflow, nextSeq }: StoredRun): Promise<number> {
    if (!this.#inLines) process.stdout.write(`run ${clean(runId)} of ${clean(workflow)} goes on\n`);
    const view = this.#inLines ? new LinesView(nextSeq) : new QuietView();
    const options = { leavesWaiting: true, signal: this.#signal };
    const { end } = await followKept(this.#kept, runId, view, 'verbose', options);
    const run = await this.#kept.store.get(runId);
    if (end === undefined && run !== undefined) say(howToGoOn(run, this.#options.store));
    if (end !== undefined && !this.#inLines)
      process.stdout.write(
        `run ${clean(runId)} is ${end.type.slice('run.'.length)}; it cost ${dollars(end.costUsd)}\n`,
      );
    return end?.type === 'run.failed' ? exitCode.failed : exitCode.completed;
  }
}
