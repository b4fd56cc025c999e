import { expect, it } from 'vitest';
import { DefinitionError } from '../../core/errors.ts';
import type { RunFilter } from '../../store/run-store.ts';
import { events, leased, newRun, type Open, refusal } from './store-place.ts';

/** What `list`, `delete` and `prune` promise. */
export function listing(open: Open): void {
  it('lists runs, those created last first, in pages that miss none and repeat none', async () => {
    const { store } = await open();
    // Several of one time, and ids with blanks.
    for (let i = 0; i < 7; i++) await store.create(newRun({ runId: `r ${i}`, createdAt: Math.floor(i / 3) }));
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const page = await store.list({ limit: 3, ...(after !== undefined && { after }) });
      pages.push(page.runs.map(({ runId }) => runId));
      after = page.next;
      await store.create(newRun({ runId: `new ${pages.length}`, createdAt: 99 }));
    } while (after !== undefined);
    expect(pages).toEqual([['r 6', 'r 5', 'r 4'], ['r 3', 'r 2', 'r 1'], ['r 0']]);
  });

  it.each<[string, RunFilter, string[]]>([
    ['workflow', { workflow: 'other' }, ['r2']],
    ['states', { states: ['completed', 'failed'] }, ['r3']],
    ['no states', { states: [] }, []],
    ['session', { sessionId: 's' }, ['r4', 'r3']],
    ['origin', { forkedFrom: 'r1' }, ['r4']],
    ['several at once', { sessionId: 's', states: ['pending'] }, ['r4']],
  ])('lists runs by %s', async (_, filter, expected) => {
    const { store } = await open();
    await store.create(newRun({ createdAt: 1 }));
    await store.create(newRun({ runId: 'r2', createdAt: 2, workflow: 'other' }));
    const lease = await leased(store, { runId: 'r3', createdAt: 3, sessionId: 's' });
    await store.commit(lease, { number: 1, run: { state: 'completed', endedAt: 9, output: 1 } });
    const origin = { runId: 'r1', seq: 0 };
    await store.create(newRun({ runId: 'r4', createdAt: 4, sessionId: 's', forkedFrom: origin }));
    const { runs } = await store.list(filter);
    expect(runs.map(({ runId }) => runId)).toEqual(expected);
    for (const run of runs) expect(run).toStrictEqual(await store.get(run.runId));
  });

  it.each<[string, RunFilter]>([
    ['a limit of nothing', { limit: 0 }],
    ['a limit that is too large', { limit: 1001 }],
    ['an end of page that it did not give', { after: 'x' }],
  ])('refuses %s', async (_, filter) => {
    const { store } = await open();
    expect(await refusal(() => store.list(filter))).toBeInstanceOf(DefinitionError);
  });

  it('deletes all that is kept of a run, and frees its idempotency key', async () => {
    const { store } = await open();
    const facts = { idempotencyKey: 'k', sessionId: 's', context: 1 };
    const lease = await leased(store, facts);
    await leased(store, { runId: 'r2' });
    await store.commit(lease, { number: 1, events: events(0, 2), checkpoints: [{ id: 'c', seq: 0 }] });
    expect(await store.delete('r1')).toBe(true);
    expect(await store.delete('r1')).toBe(false);
    expect(await store.get('r1')).toBeUndefined();
    expect(await store.events('r1')).toEqual([]);
    expect(await store.checkpoint('c')).toBeUndefined();
    expect(await store.session('s')).toBeUndefined();
    expect((await store.list()).runs.map(({ runId }) => runId)).toEqual(['r2']);
    const { created, run } = await store.create(newRun({ ...facts, input: 'other' }));
    expect([created, run.nextSeq]).toEqual([true, 0]);
    expect(await store.events('r1')).toEqual([]);
  });

  it('prunes runs that ended before a time, the earliest first, and no others', async () => {
    const { store } = await open();
    const end = async (runId: string, state: 'completed' | 'failed', endedAt: number): Promise<void> =>
      store.commit(await leased(store, { runId }), { number: 1, run: { state, endedAt } });
    await end('old', 'completed', 20);
    await end('older', 'completed', 10);
    await end('failed', 'failed', 10);
    await end('young', 'completed', 30);
    await store.create(newRun({ runId: 'open', createdAt: 0 }));
    const left = async (): Promise<string[]> => (await store.list()).runs.map(({ runId }) => runId).sort();
    const retention = { endedBefore: 30, states: ['completed'] } as const;
    expect(await store.prune({ ...retention, limit: 1 })).toBe(1);
    expect(await left()).toEqual(['failed', 'old', 'open', 'young']);
    expect(await store.prune(retention)).toBe(1);
    expect(await store.prune({ endedBefore: 30 })).toBe(1);
    expect(await left()).toEqual(['open', 'young']);
  });
}
