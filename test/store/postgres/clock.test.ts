import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LeaseLostError } from '../../../src/store/errors.ts';
import type { RunStore } from '../../../src/store/run-store.ts';
import { events, newRun, refusal } from '../../../src/testing/store-suite/store-place.ts';
import { type PostgresPlace, postgresPlace } from './postgres-place.ts';

let place: PostgresPlace;
let store: RunStore;

beforeEach(async () => {
  place = await postgresPlace();
  store = place.open();
});

afterEach(async () => {
  vi.useRealTimers();
  await store.close();
  await place.remove();
});

/** The database's clock, in milliseconds. */
async function databaseTime(): Promise<number> {
  const [row] = await place.ask<{ now: Date }>('SELECT clock_timestamp() AS now');
  return row!.now.getTime();
}

describe('postgresStore, on the clock of its database,', () => {
  it('measures leases and signals by it, whatever the time is here', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 5 });
    const before = await databaseTime();
    const { lease } = await store.create(newRun({ lease: { owner: 'a', ms: 60_000 } }));
    const { receivedAt } = await store.signal('r1', { id: 's', channel: 'event', name: 'n', payload: 1 });
    const taken = await store.take('r1', { owner: 'a', ms: 60_000 });
    expect(await store.renew([taken!], 70_000)).toEqual([]);
    const after = await databaseTime();
    for (const [time, from] of [
      [lease?.until, 60_000],
      [taken?.until, 60_000],
      [(await store.get('r1'))?.leaseUntil, 70_000],
      [receivedAt, 0],
    ] as const) {
      expect(time).toBeGreaterThanOrEqual(before + from - 1);
      expect(time).toBeLessThanOrEqual(after + from);
    }
    vi.setSystemTime(1e13);
    expect(await store.take('r1', { owner: 'b', ms: 1 })).toBeUndefined();
    expect(await store.claimable()).toEqual([]);
  });

  it('gives a run to another when its lease is over, and fences who had it', async () => {
    const other = place.open();
    const { lease: stale } = await store.create(newRun({ lease: { owner: 'a', ms: 1 } }));
    while ((await other.claimable()).length === 0) await setTimeout(1);
    const lease = await other.take('r1', { owner: 'b', ms: 60_000 });
    expect(lease).toMatchObject({ epoch: 2 });
    const late = refusal(() => store.commit(stale!, { number: 1, events: events(0, 1) }));
    await other.commit(lease!, { number: 1, events: events(0, 2) });
    expect(await late).toBeInstanceOf(LeaseLostError);
    expect(await store.renew([stale!], 1000)).toEqual(['r1']);
    expect(await store.events('r1')).toHaveLength(2);
    await other.close();
  });
});
