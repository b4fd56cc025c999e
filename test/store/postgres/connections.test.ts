import pg from 'pg';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../../src/store/errors.ts';
import type { RunStore } from '../../../src/store/run-store.ts';
import { events, leased, newRun, refusal, result } from '../../../src/testing/store-suite/store-place.ts';
import { insist } from './insist.ts';
import { LossyProxy } from './lossy-proxy.ts';
import { type PostgresPlace, postgresPlace, sharedServer } from './postgres-place.ts';

let proxy: LossyProxy;
let direct: PostgresPlace;
let behind: PostgresPlace;
let store: RunStore;

beforeEach(async () => {
  const server = await sharedServer();
  proxy = new LossyProxy(server.socket);
  direct = await postgresPlace();
  behind = await postgresPlace({ schema: direct.schema, maxConnections: 2 }, await proxy.url());
  store = behind.open();
});

afterEach(async () => {
  await store.close();
  await proxy.close();
  await direct.remove();
});

/** Machines may be busy. */
const patience = { timeout: 30_000 };

describe('postgresStore, when connections break,', () => {
  const signal = { id: 's1', channel: 'event', name: 'go', payload: 1 } as const;

  it('says so, and goes on with new ones', async () => {
    await store.create(newRun());
    proxy.cut();
    const errors = [await refusal(() => store.get('r1')), await refusal(() => store.get('r1'))];
    for (const error of errors.filter(Boolean))
      expect(error).toMatchObject({ name: 'StoreError', reason: 'unreachable', retryable: true });
    expect(await store.get('r1')).toMatchObject({ runId: 'r1' });
  });

  it('writes a commit once whose answer was lost and that is given again', async () => {
    const lease = await leased(store);
    for (const [index, lost] of [/tutti apply/, /COMMIT/].entries()) {
      const batch = {
        ...{ number: index + 1, events: events(index * 2, 2), entries: [result({ path: `/s${index}` })] },
        // What is not plain has a transaction of its own, whose end is a COMMIT.
        extras: index === 0 ? [] : [{ seq: 0, value: 1 }],
      };
      proxy.loseAnswerTo(lost);
      const error = await refusal(() => store.commit(lease, batch));
      expect(error).toBeInstanceOf(StoreError);
      expect(error).toMatchObject({ reason: 'unreachable', retryable: true });
      await store.commit(lease, batch);
      expect(await store.events('r1')).toStrictEqual(events(0, index * 2 + 2));
    }
    expect((await store.journal('r1')).entries).toHaveLength(2);
  });

  it('makes a run, and keeps a signal, once whose answer was lost', async () => {
    await store.get('r1');
    const run = newRun({ lease: { owner: 'me', ms: 60_000 }, idempotencyKey: 'k' });
    proxy.loseAnswerTo(/tutti create/);
    expect(await refusal(() => store.create(run))).toMatchObject({ retryable: true });
    expect(await store.create(run)).toMatchObject({ created: true, lease: { epoch: 1 } });
    proxy.loseAnswerTo(/COMMIT/);
    expect(await refusal(() => store.signal('r1', signal))).toMatchObject({ retryable: true });
    expect(await store.signal('r1', signal)).toMatchObject({ number: 0 });
    expect((await store.journal('r1')).signals).toHaveLength(1);
  });

  it('tells everybody when it can hear again', async () => {
    const other = direct.open();
    await other.create(newRun());
    const any = store.watch().subscribe();
    // It tells so when it begins to listen.
    await firstValueFrom(store.watch('r1'));
    const again = firstValueFrom(store.watch('another run'));
    proxy.cut();
    await again;
    const heard = firstValueFrom(store.watch('r1'));
    await other.signal('r1', signal);
    await heard;
    any.unsubscribe();
    await other.close();
  });

  it('waits no longer for an answer than it was told', async () => {
    const impatient = direct.open({ timeoutMs: 300 });
    await insist(() => impatient.create(newRun()));
    const holder = new pg.Client(direct.url);
    await holder.connect();
    await holder.query(`BEGIN; SELECT 1 FROM "${direct.schema}".runs FOR UPDATE`);
    const take = () => impatient.take('r1', { owner: 'a', ms: 1 });
    await expect
      .poll(() => refusal(take), patience)
      .toMatchObject({
        ...{ name: 'StoreError', reason: 'busy', retryable: true },
      });
    await holder.end();
    expect(await insist(take)).toMatchObject({ owner: 'a' });
    await impatient.close();
  });

  it('leaves a run to others when its process is stopped in the middle of a commit', async () => {
    const stopping = behind.open({ timeoutMs: 500 });
    const lease = await insist(() => leased(stopping));
    const other = direct.open();
    await other.get('r1');
    const frozen = proxy.freezeAfter(/tutti head/);
    const stopped = refusal(() => stopping.commit(lease, { number: 1, extras: [{ seq: 0, value: 1 }] }));
    await frozen;
    expect(await other.take('r1', { owner: 'me', ms: 60_000 })).toMatchObject({ epoch: 2 });
    expect(await stopped).toMatchObject({ reason: 'unreachable', retryable: true });
    expect((await other.journal('r1')).extras).toEqual([]);
    await Promise.all([stopping.close(), other.close()]);
  });

  it('finishes what was asked for before it closes', async () => {
    const writer = direct.open({ maxConnections: 1 });
    const leases = await Promise.all(
      Array.from({ length: 20 }, (_, index) => leased(writer, { runId: `r${index}` })),
    );
    const commits = leases.map((lease) =>
      writer.commit(lease, { number: 1, events: events(0, 1, lease.runId), extras: [{ seq: 0, value: 1 }] }),
    );
    await writer.close();
    await Promise.all(commits);
    expect(await refusal(() => writer.get('r1'))).toMatchObject({ reason: 'closed' });
    const kept = await Promise.all(leases.map(({ runId }) => store.events(runId)));
    expect(kept.map(({ length }) => length)).toEqual(leases.map(() => 1));
  });
});
