import type { ClaimableRun, RunStore } from '../store/run-store.ts';

/** How many are asked for at once. */
const page = 100;

/** All runs that somebody should take, each once: so that those which nobody here knows keep no others out. */
export async function* allClaimable(store: Pick<RunStore, 'claimable'>): AsyncGenerator<ClaimableRun> {
  const named = new Set<string>();
  for (let after: string | undefined; ; ) {
    const runs = await store.claimable(page, after);
    const others = runs.filter(({ runId }) => !named.has(runId));
    for (const { runId } of others) named.add(runId);
    yield* others;
    if (runs.length < page || others.length === 0) return;
    after = runs.at(-1)?.runId;
  }
}
