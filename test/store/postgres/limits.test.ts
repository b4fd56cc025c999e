import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ValueTooLargeError } from '../../../src/store/errors.ts';
import { fromColumn, toColumn } from '../../../src/store/postgres/column-text.ts';
import type { RunStore } from '../../../src/store/run-store.ts';
import { events, leased, newRun, refusal, result } from '../../../src/testing/store-suite/store-place.ts';
import { type PostgresPlace, postgresPlace, sql } from './postgres-place.ts';

let place: PostgresPlace;
let store: RunStore;
let made = 0;

beforeAll(async () => {
  place = await postgresPlace();
  store = place.open();
});

afterAll(async () => {
  await store.close();
  await place.remove();
});

const newId = (): string => `r${++made}`;

describe('toColumn', () => {
  it('gives a text without what a column cannot hold, from which fromColumn gives back the first', () => {
    const unit = fc.oneof(fc.constantFrom(0, 0xf8ff, 0x30, 0xd83d, 0xde00, 0xdc00), fc.nat(0xffff));
    const text = fc.array(unit).map((units) => String.fromCharCode(...units));
    const property = fc.property(text, (given) => {
      const kept = toColumn(given);
      expect(kept).not.toMatch(/\0|\p{Surrogate}/u);
      expect(fromColumn(kept)).toBe(given);
    });
    fc.assert(property, { seed: 6, numRuns: 500 });
  });
});

describe('postgresStore, at its limits,', () => {
  const strange = 'a\0b \uF8FF0000 \uD800 é 😀 "\\{},\n';

  it('gives back texts that PostgreSQL itself cannot hold', async () => {
    const runId = `${newId()}${strange}`;
    const run = newRun({
      runId,
      workflow: strange,
      sessionId: strange,
      idempotencyKey: strange,
      input: strange,
    });
    const lease = await leased(store, run, strange);
    const signal = { id: strange, channel: 'event', name: strange, payload: strange } as const;
    await store.signal(runId, signal);
    const entry = result({ path: `/${strange}`, output: strange });
    await store.commit(lease, { number: 1, entries: [entry], run: { reason: strange, output: strange } });
    const wait = { path: strange, kind: 'event', name: strange, seq: 0 } as const;
    await store.commit(lease, {
      number: 2,
      opens: [wait],
      checkpoints: [{ id: strange, name: strange, seq: 0 }],
    });
    await store.commit(lease, { number: 3, closes: [{ path: strange, seq: 1 }] });
    expect(await store.get(runId)).toMatchObject({
      ...{ runId, workflow: strange, sessionId: strange, idempotencyKey: strange, input: strange },
      ...{ reason: strange, output: strange, owner: strange },
    });
    const { entries, signals, waits, checkpoints } = await store.journal(runId);
    expect(entries).toStrictEqual([entry]);
    expect(signals).toMatchObject([signal]);
    expect(waits).toStrictEqual([{ ...wait, closedSeq: 1 }]);
    expect(checkpoints).toStrictEqual([{ id: strange, name: strange, seq: 0, runId }]);
    expect(await store.session(strange)).toStrictEqual({ sessionId: strange });
    expect((await store.list({ workflow: strange })).runs).toHaveLength(1);
    expect(await store.delete(runId)).toBe(true);
  });

  it('keeps paths longer than a key of an index may be, and tells them apart', async () => {
    const runId = newId();
    const lease = await leased(store, { runId });
    const path = Array.from({ length: 10_000 }, (_, index) => `/s${index}`).join('');
    const entries = [result({ path }), result({ path: `${path}/x` })];
    const opens = [{ path, kind: 'event', name: 'n', seq: 0 } as const];
    await store.commit(lease, { number: 1, entries, opens });
    await store.commit(lease, { number: 2, closes: [{ path, seq: 0 }] });
    const journal = await store.journal(runId);
    expect(journal.entries).toStrictEqual(entries);
    expect(journal.waits).toMatchObject([{ path, closedSeq: 0 }]);
  });

  it('keeps a value of the largest size, and thousands of events in one commit', async () => {
    const runId = newId();
    const lease = await leased(store, { runId });
    const output = 'x"\\'.repeat(2 ** 20);
    const many = events(0, 5_000, runId);
    await store.commit(lease, { number: 1, events: many, run: { output } });
    expect((await store.get(runId))?.output).toBe(output);
    expect(await store.events(runId, { limit: 1e6 })).toStrictEqual(many);
  });

  it('refuses ids and keys that have no room in an index', async () => {
    const long = 'é'.repeat(1001);
    const runId = newId();
    const lease = await leased(store, { runId });
    const signal = { id: long, channel: 'event', name: 'n', payload: 1 } as const;
    for (const call of [
      () => store.create(newRun({ runId: long })),
      () => store.create(newRun({ runId: newId(), idempotencyKey: long })),
      () => store.create(newRun({ runId: newId(), sessionId: long })),
      () => store.signal(runId, signal),
      () => store.commit(lease, { number: 1, checkpoints: [{ id: long, seq: 0 }] }),
    ]) {
      const error = await refusal(call);
      expect(error).toBeInstanceOf(ValueTooLargeError);
      expect(error).toMatchObject({ bytes: 2002, maxBytes: 2000 });
    }
    expect(await refusal(() => store.create(newRun({ runId: 'é'.repeat(1000) })))).toBeUndefined();
  });

  it('writes commits of many runs that are asked for at once in few transactions', async () => {
    const runIds = Array.from({ length: 64 }, newId);
    const leases = await Promise.all(runIds.map((runId) => leased(store, { runId })));
    await Promise.all(
      leases.map((lease) => store.commit(lease, { number: 1, events: events(0, 2, lease.runId) })),
    );
    const [row] = await sql<{ transactions: string; events: string }>(
      place.url,
      `SELECT count(DISTINCT e.xmin::text) AS transactions, count(*) AS events
       FROM "${place.schema}".events e JOIN "${place.schema}".runs r ON r.id = e.run WHERE r.run_id = ANY($1)`,
      [runIds],
    );
    expect(Number(row?.events)).toBe(128);
    expect(Number(row?.transactions)).toBeLessThanOrEqual(4);
  });

  it('makes few connections, however much is asked at once', async () => {
    await Promise.all(Array.from({ length: 200 }, () => store.get('missing')));
    const [row] = await sql<{ count: string }>(
      place.url,
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tutti'",
    );
    expect(Number(row?.count)).toBeLessThanOrEqual(30);
  });
});
