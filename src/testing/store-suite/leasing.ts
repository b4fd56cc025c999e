import { expect, it } from 'vitest';
import { LeaseLostError, RunEndedError, UnknownRunError } from '../../store/errors.ts';
import { events, everything, leased, newRun, type Open, refusal } from './store-place.ts';

/** What `take`, `renew`, `release` and `claimable` promise. */
export function leasing(open: Open): void {
  it('gives a run that nobody has, and each lease a higher epoch', async () => {
    const { store, clock } = await open();
    await store.create(newRun());
    expect(await store.take('r1', { owner: 'a', ms: 100 })).toEqual({
      ...{ runId: 'r1', owner: 'a', epoch: 1, until: 1100 },
    });
    clock.ms = 1100;
    expect(await store.take('r1', { owner: 'b', ms: 100 })).toMatchObject({ epoch: 2, until: 1200 });
  });

  it('gives nobody a run that another has', async () => {
    const { store, clock } = await open();
    await leased(store, {}, 'a');
    clock.ms = 1999;
    expect(await store.take('r1', { owner: 'b', ms: 100 })).toBeUndefined();
    expect(await store.get('r1')).toMatchObject({ owner: 'a', epoch: 1 });
  });

  it('refuses the commits of an owner whose run was taken over, and writes nothing', async () => {
    const { store, clock } = await open();
    const stale = await leased(store, {}, 'a');
    await store.commit(stale, { number: 1, events: events(0, 1) });
    clock.ms = 5000;
    const lease = await store.take('r1', { owner: 'b', ms: 1000 });
    const before = await everything(store);
    for (const number of [1, 2]) {
      const error = await refusal(() => store.commit(stale, { number, events: events(1, 1) }));
      expect(error).toBeInstanceOf(LeaseLostError);
      expect(error).toMatchObject({ code: 'LEASE_LOST', runId: 'r1', epoch: 1 });
    }
    expect(await everything(store)).toStrictEqual(before);
    await store.commit(lease!, { number: 1, events: events(1, 1) });
    expect(await store.events('r1')).toHaveLength(2);
  });

  it('lets an owner commit after its lease has expired, as long as nobody took the run', async () => {
    const { store, clock } = await open();
    const lease = await leased(store);
    clock.ms = 1e9;
    expect(await refusal(() => store.commit(lease, { number: 1 }))).toBeUndefined();
  });

  it('lets an owner take its run again, which fences what it had', async () => {
    const { store } = await open();
    const first = await leased(store, {}, 'a');
    expect(await store.take('r1', { owner: 'a', ms: 100 })).toMatchObject({ epoch: 2 });
    expect(await refusal(() => store.commit(first, { number: 1 }))).toBeInstanceOf(LeaseLostError);
  });

  it('keeps leases that are renewed, and tells which are lost', async () => {
    const { store, clock } = await open();
    const kept = await leased(store, { runId: 'kept' }, 'a');
    const lost = await leased(store, { runId: 'lost' }, 'a');
    const gone = await leased(store, { runId: 'gone' }, 'a');
    const back = await leased(store, { runId: 'back' }, 'a');
    clock.ms = 2000;
    await store.take('lost', { owner: 'b', ms: 100 });
    await store.delete('gone');
    await store.release(back);
    expect(await store.renew([kept, lost, gone, back], 500)).toEqual(['lost', 'gone', 'back']);
    expect(await store.take('kept', { owner: 'b', ms: 100 })).toBeUndefined();
    clock.ms = 2500;
    expect(await store.take('kept', { owner: 'b', ms: 100 })).toMatchObject({ epoch: 2 });
  });

  it('gives a released run to others at once, and leaves a lost lease alone', async () => {
    const { store } = await open();
    const first = await leased(store, {}, 'a');
    await store.release(first);
    expect(await refusal(() => store.commit(first, { number: 1 }))).toBeInstanceOf(LeaseLostError);
    expect(await store.take('r1', { owner: 'b', ms: 100 })).toMatchObject({ epoch: 2 });
    await store.release(first);
    expect(await store.get('r1')).toMatchObject({ owner: 'b' });
  });

  it('gives no lease on a run that is unknown or has ended', async () => {
    const { store } = await open();
    const request = { owner: 'b', ms: 100 };
    expect(await refusal(() => store.take('r1', request))).toBeInstanceOf(UnknownRunError);
    const lease = await leased(store);
    await store.commit(lease, { number: 1, run: { state: 'cancelled', endedAt: 9 } });
    expect(await refusal(() => store.take('r1', request))).toBeInstanceOf(RunEndedError);
    expect(await store.get('r1')).not.toHaveProperty('owner');
  });

  it('names the runs that nobody has and that have begun, and no others', async () => {
    const { store, clock } = await open();
    await store.create(newRun({ runId: 'pending' }));
    for (const state of ['running', 'paused', 'parked', 'waiting', 'completed'] as const)
      await store.commit(await leased(store, { runId: state }), { number: 1, run: { state } });
    expect(await store.claimable()).toEqual([{ runId: 'pending', because: 'orphaned' }]);
    clock.ms = 5000;
    expect(await store.claimable()).toEqual([
      { runId: 'pending', because: 'orphaned' },
      { runId: 'running', because: 'orphaned' },
    ]);
    expect(await store.claimable(1)).toHaveLength(1);
  });

  it('names them in pages, however many there are', async () => {
    const { store } = await open();
    for (const runId of ['c', 'a', 'd', 'b', 'e']) await store.create(newRun({ runId }));
    const ids = async (limit: number, after?: string) =>
      (await store.claimable(limit, after)).map(({ runId }) => runId);
    expect([await ids(2), await ids(2, 'a'), await ids(2, 'b')]).toEqual([['c', 'a'], ['d', 'b'], ['e']]);
    expect(await ids(2, 'e')).toEqual([]);
    await store.delete('a');
    expect(await ids(2, 'a')).toEqual(['c', 'd']);
  });

  it('names waiting runs whose wait is due', async () => {
    const { store, clock } = await open();
    const wait = { path: '/w', kind: 'timer', name: 't', seq: 0 } as const;
    for (const [runId, dueAt] of Object.entries({ early: 3000, late: 4000 }))
      await store.commit(await leased(store, { runId }), {
        ...{ number: 1, run: { state: 'waiting' }, opens: [{ ...wait, dueAt }], release: true },
      });
    clock.ms = 2999;
    expect(await store.claimable()).toEqual([]);
    clock.ms = 3000;
    expect(await store.claimable()).toEqual([{ runId: 'early', because: 'due' }]);
    const lease = await store.take('early', { owner: 'a', ms: 1 });
    await store.commit(lease!, { number: 1, closes: [{ path: '/w', seq: 0 }], release: true });
    expect(await store.claimable()).toEqual([]);
  });

  it('names waiting runs with a signal that they wait for, and stopped ones with a control signal', async () => {
    const { store } = await open();
    const wait = { path: '/w', kind: 'event', name: 'go', seq: 0 } as const;
    for (const state of ['waiting', 'paused', 'parked'] as const)
      await store.commit(await leased(store, { runId: state }), {
        ...{ number: 1, run: { state }, opens: [wait], release: true },
      });
    const send = (runId: string, channel: 'event' | 'control', name: string) =>
      store.signal(runId, { id: `${channel} ${name}`, channel, name, payload: null });
    await send('waiting', 'event', 'other');
    await send('paused', 'event', 'go');
    expect(await store.claimable()).toEqual([]);
    await send('waiting', 'event', 'go');
    await send('paused', 'control', 'resume');
    await send('parked', 'control', 'cancel');
    expect(await store.claimable()).toEqual(
      ['waiting', 'paused', 'parked'].map((runId) => ({ runId, because: 'signalled' })),
    );
    const lease = await store.take('waiting', { owner: 'a', ms: 1000 });
    await store.commit(lease!, { number: 1, consumes: [{ number: 1, seq: 0 }], release: true });
    expect((await store.claimable()).map(({ runId }) => runId)).toEqual(['paused', 'parked']);
  });
}
