import { firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { LeaseLostError } from '../../store/errors.ts';
import { events, everything, fullBatch, leased, newRun, type Open, refusal } from './store-place.ts';

/** What a store promises to several handles on one place, and over the end of a process. */
export function sharing(open: Open): void {
  const signal = { id: 's1', channel: 'event', name: 'go', payload: 1 } as const;

  it('gives another handle, now and later, all that was written', async () => {
    const { store, another } = await open();
    const lease = await leased(store);
    await store.signal('r1', signal);
    await store.commit(lease, fullBatch);
    const written = await everything(store);
    expect(await everything(another())).toStrictEqual(written);
    await store.close();
    expect(await everything(another())).toStrictEqual(written);
  });

  it('knows a repetition by another handle', async () => {
    const { store, another } = await open();
    const run = newRun({ lease: { owner: 'me', ms: 100 } });
    const { lease } = await store.create(run);
    await store.commit(lease!, { number: 1, events: events(0, 2) });
    const other = another();
    expect(await other.create(run)).toMatchObject({ created: true, lease });
    await other.commit(lease!, { number: 1, events: events(0, 2) });
    expect(await other.events('r1')).toHaveLength(2);
  });

  it('gives a run to one of many handles that want it at once', async () => {
    const { store, another } = await open();
    await store.create(newRun());
    const handles = Array.from({ length: 4 }, another);
    const leases = await Promise.all(
      handles.map((handle, index) => handle.take('r1', { owner: `owner ${index}`, ms: 100 })),
    );
    expect(leases.filter(Boolean)).toHaveLength(1);
  });

  it('makes one run of requests by several handles under one idempotency key', async () => {
    const { another } = await open();
    const handles = Array.from({ length: 4 }, another);
    const made = await Promise.all(
      handles.map((handle, i) => handle.create(newRun({ runId: `r${i}`, idempotencyKey: 'k' }))),
    );
    expect(made.filter(({ created }) => created)).toHaveLength(1);
  });

  it('fences a handle whose run another has taken', async () => {
    const { store, clock, another } = await open();
    const other = another();
    const stale = await leased(store, {}, 'a');
    clock.ms = 9000;
    const lease = await other.take('r1', { owner: 'b', ms: 1000 });
    const [first, second] = await Promise.all([
      refusal(() => store.commit(stale, { number: 1, events: events(0, 1) })),
      refusal(() => other.commit(lease!, { number: 1, events: events(0, 2) })),
    ]);
    expect(first).toBeInstanceOf(LeaseLostError);
    expect(second).toBeUndefined();
    expect(await store.events('r1')).toHaveLength(2);
  });

  it('gives each signal of several handles its own number', async () => {
    const { store, another } = await open();
    await store.create(newRun());
    const handles = [store, another(), another()];
    const sent = await Promise.all(
      Array.from({ length: 30 }, (_, i) => handles[i % 3]!.signal('r1', { ...signal, id: `s${i}` })),
    );
    expect(new Set(sent.map(({ number }) => number)).size).toBe(30);
    expect((await store.journal('r1')).signals.map(({ number }) => number)).toEqual([...Array(30).keys()]);
  });

  it('tells a handle of what another has written', async () => {
    const { store, another } = await open();
    const lease = await leased(store);
    const watcher = another();
    const told = firstValueFrom(watcher.watch('r1'));
    await store.commit(lease, { number: 1, events: events(0, 1) });
    await told;
    expect(await watcher.events('r1')).toHaveLength(1);
  });
}
