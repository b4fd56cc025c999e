import { expect, it } from 'vitest';
import { RunEndedError, StoreConflictError, StoreError, UnknownRunError } from '../../store/errors.ts';
import { events, leased, newRun, type Open, refusal } from './store-place.ts';

/** What `signal`, `watch` and `close` promise. */
export function telling(open: Open): void {
  const signal = { id: 's1', channel: 'event', name: 'go', payload: new Set([1]) } as const;

  it('keeps signals in the order in which they came in', async () => {
    const { store, clock } = await open();
    const lease = await leased(store);
    await store.signal('r1', signal);
    await store.commit(lease, { number: 1, events: events(0, 3) });
    clock.ms = 1200;
    const second = await store.signal('r1', { ...signal, id: 's2', channel: 'control' });
    expect(second).toStrictEqual({
      ...signal,
      ...{ id: 's2', channel: 'control', number: 1, receivedAt: 1200, receivedSeq: 2 },
    });
    const { signals } = await store.journal('r1');
    expect(signals.map(({ id, number }) => [id, number])).toEqual([
      ['s1', 0],
      ['s2', 1],
    ]);
  });

  it('keeps a signal once that is sent again', async () => {
    const { store, clock } = await open();
    await store.create(newRun());
    const first = await store.signal('r1', signal);
    clock.ms = 9000;
    expect(await store.signal('r1', signal)).toStrictEqual(first);
    expect((await store.journal('r1')).signals).toStrictEqual([first]);
    const other = { ...signal, payload: 2 };
    expect(await refusal(() => store.signal('r1', other))).toBeInstanceOf(StoreConflictError);
  });

  it('refuses a signal to a run that is unknown or has ended', async () => {
    const { store } = await open();
    expect(await refusal(() => store.signal('r1', signal))).toBeInstanceOf(UnknownRunError);
    const lease = await leased(store);
    await store.signal('r1', signal);
    await store.commit(lease, { number: 1, run: { state: 'failed', endedAt: 9 } });
    expect(await refusal(() => store.signal('r1', { ...signal, id: 's2' }))).toBeInstanceOf(RunEndedError);
    expect(await store.signal('r1', signal)).toMatchObject({ number: 0 });
  });

  it('tells those who watch a run of commits, signals and its deletion, after they are written', async () => {
    const { store } = await open();
    const lease = await leased(store);
    const told: string[] = [];
    const watching = store.watch('r1').subscribe(() => told.push('r1'));
    const any = store.watch().subscribe(() => told.push('any'));
    const expectTold = async (write: () => unknown): Promise<void> => {
      await write();
      // Others may be told too: a store which begins to listen just then does not know what they have missed.
      expect(told.splice(0)).toEqual(expect.arrayContaining(['r1', 'any']));
    };
    await expectTold(() => store.commit(lease, { number: 1, events: events(0, 1) }));
    await expectTold(() => store.signal('r1', signal));
    await expectTold(() => store.delete('r1'));
    watching.unsubscribe();
    any.unsubscribe();
    await store.create(newRun());
    expect(told).toEqual([]);
  });

  it('has what it tells of when it tells', async () => {
    const { store } = await open();
    const lease = await leased(store);
    const seen: unknown[] = [];
    const watching = store.watch('r1').subscribe(() => seen.push(store.events('r1')));
    await store.commit(lease, { number: 1, events: events(0, 2) });
    expect((await Promise.all(seen)).at(-1)).toHaveLength(2);
    watching.unsubscribe();
  });

  it('refuses everything once it is closed', async () => {
    const { store } = await open();
    const lease = await leased(store);
    await store.close();
    await store.close();
    for (const call of [
      () => store.get('r1'),
      () => store.create(newRun({ runId: 'r2' })),
      () => store.commit(lease, { number: 1 }),
      () => store.signal('r1', signal),
      () => store.list(),
    ]) {
      const error = await refusal(call);
      expect(error).toBeInstanceOf(StoreError);
      expect(error).toMatchObject({ reason: 'closed', retryable: false });
    }
  });
}
