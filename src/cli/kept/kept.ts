import { type Observable, ReplaySubject } from 'rxjs';
import { Orchestra } from '../../orchestra/orchestra.ts';
import type { RunTrouble } from '../../orchestra/runner.ts';
import type { RunStore } from '../../store/run-store.ts';
import { reopen } from './kept-definition.ts';

/** How long a run stays that of a process which has ended without a word, in milliseconds. */
export const leaseMs = 10_000;

/** As long as the process lives: what waits here is answered here. */
const forEver = '100000d';

/** Kept runs, and what can be done with them. */
export interface Kept {
  readonly store: RunStore;
  readonly orchestra: Orchestra;
  /** Those that there were are told again. */
  readonly troubles$: Observable<RunTrouble>;
}

/** How kept runs are to be dealt with. */
export interface KeptOptions {
  /** Modules in place of those that runs were started with. */
  readonly skills?: readonly string[] | undefined;
  /** Runs are not taken up here, only told what is to be done. Default: `false`. */
  readonly tellsOnly?: boolean;
}

/** Does something with kept runs, and gives everything back. */
export async function withKept<T>(
  opening: Promise<RunStore>,
  { skills, tellsOnly = false }: KeptOptions,
  work: (kept: Kept) => Promise<T>,
): Promise<T> {
  const store = await opening;
  const orchestra = new Orchestra({
    ...{ store, lease: leaseMs, recoverEvery: false, evictAfter: forEver },
    ...(!tellsOnly && { reopen: async (run) => (await reopen(run, skills)).step }),
  });
  const troubles$ = new ReplaySubject<RunTrouble>();
  orchestra.troubles$.subscribe(troubles$);
  try {
    return await work({ store, orchestra, troubles$ });
  } finally {
    await orchestra.close();
  }
}
