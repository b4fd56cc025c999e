import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events.ts';
import { LeaseLostError, StoreConflictError, StoreCorruptError } from '../../../src/store/errors.ts';
import type { RunStore } from '../../../src/store/run-store.ts';
import { connect } from '../../../src/store/sqlite/driver.ts';
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { events, leased, newRun, refusal } from '../../../src/testing/store-suite/store-place.ts';

let folder = '';
let file = '';
let store: RunStore;
let other: RunStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tutti-events-'));
  file = join(folder, 'runs.db');
  store = sqliteStore(file);
  other = sqliteStore(file);
});

afterEach(async () => {
  await Promise.all([store.close(), other.close()]);
  rmSync(folder, { recursive: true });
});

/** What a statement of SQL gives. */
function ask(sql: string): unknown[] {
  const db = connect(file);
  try {
    return db
      .prepare(sql)
      .all()
      .map((row) => ({ ...(row as object) }));
  } finally {
    db.close();
  }
}

/** Events of `r1` with much text each. */
function large(first: number, count: number): RunEvent[] {
  return events(first, count).map((event) => ({ ...event, data: 'x'.repeat(100_000) }) as RunEvent);
}

describe('sqliteStore, of events,', () => {
  it('keeps those of a commit as one row, and a plain commit leaves the row of its run as it is', async () => {
    const lease = await leased(store);
    const before = ask('SELECT * FROM runs');
    await store.commit(lease, { number: 1, events: events(0, 3) });
    await store.commit(lease, { number: 2, events: events(3, 2) });
    expect(ask('SELECT id & 4294967295 AS seq, number, count FROM events')).toEqual([
      { seq: 0, number: 1, count: 3 },
      { seq: 3, number: 2, count: 2 },
    ]);
    expect(ask('SELECT * FROM runs')).toEqual(before);
    expect(await other.get('r1')).toMatchObject({ nextSeq: 5, commits: 2 });
  });

  it('keeps many large ones of a commit as several rows, and reads them from any', async () => {
    const lease = await leased(store);
    const all = [...large(0, 8), ...events(8, 3)];
    await store.commit(lease, { number: 1, events: all.slice(0, 8) });
    await store.commit(lease, { number: 1, events: all.slice(0, 8) });
    await store.commit(lease, { number: 2, events: all.slice(8) });
    expect(ask('SELECT count FROM events').length).toBe(4);
    expect(await store.get('r1')).toMatchObject({ nextSeq: 11, commits: 2 });
    for (let from = 0; from <= 12; from++)
      for (const limit of [1, 2, 7, Number.MAX_SAFE_INTEGER])
        expect(await other.events('r1', { from, limit })).toStrictEqual(all.slice(from, from + limit));
  });

  it('finds what another connection has committed under the same lease', async () => {
    const lease = await leased(store);
    await store.commit(lease, { number: 1, events: events(0, 2) });
    const second = { number: 2, events: events(2, 2) };
    await other.commit(lease, second);
    await store.commit(lease, second);
    const longer = { number: 2, events: events(2, 3) };
    expect(await refusal(() => store.commit(lease, longer))).toBeInstanceOf(StoreConflictError);
    await other.commit(lease, { number: 3, run: { reason: 'quiet' } });
    expect(await refusal(() => store.commit(lease, { number: 3, events: events(4, 1) }))).toBeInstanceOf(
      StoreConflictError,
    );
    await store.commit(lease, { number: 4, events: events(4, 1) });
    expect(await other.events('r1')).toStrictEqual(events(0, 5));
    expect(await other.get('r1')).toMatchObject({ nextSeq: 5, commits: 4, reason: 'quiet' });
  });

  it('takes nothing from who has lost the lease, nor for a run that was made anew', async () => {
    const lease = await leased(store);
    await store.commit(lease, { number: 1, events: events(0, 1) });
    const next = { number: 2, events: events(1, 1) };
    await other.take('r1', { owner: 'me', ms: 1000 });
    expect(await refusal(() => store.commit(lease, next))).toBeInstanceOf(LeaseLostError);
    await other.delete('r1');
    expect(await refusal(() => store.commit(lease, next))).toBeInstanceOf(LeaseLostError);
    await other.create(newRun({ requestId: 'again', lease: { owner: 'me', ms: 1000 } }));
    expect(await refusal(() => store.commit(lease, next))).toBeInstanceOf(StoreConflictError);
    expect(await store.events('r1')).toEqual([]);
  });

  it('knows nothing of what was rolled back', async () => {
    const lease = await leased(store);
    const [first, second] = await Promise.all([
      refusal(() => store.commit(lease, { number: 1, events: events(0, 1) })),
      refusal(() =>
        store.commit(lease, { number: 2, events: events(1, 1), closes: [{ path: '/x', seq: 1 }] }),
      ),
    ]);
    expect([first, second]).toEqual([undefined, expect.any(StoreConflictError)]);
    await store.commit(lease, { number: 2, events: events(1, 1) });
    expect(await store.events('r1')).toStrictEqual(events(0, 2));
  });

  it.each([
    ['a text', 'UPDATE events SET body = replace(body, \'"n":1\', \'"n":9\')'],
    ['a number of events', 'UPDATE events SET count = count + 1'],
    ['a place', 'UPDATE events SET id = id + 1 WHERE number = 2'],
    ['all places', 'UPDATE events SET id = id + 1'],
    ['a missing row', 'DELETE FROM events WHERE number = 2'],
    ['a missing first row', 'DELETE FROM events WHERE number = 1'],
  ])('refuses to read where %s was changed', async (_, change) => {
    const lease = await leased(store);
    for (let number = 1; number <= 3; number++)
      await store.commit(lease, { number, events: events(2 * number - 2, 2) });
    ask(change);
    const error = await refusal(() => other.events('r1'));
    expect(error).toBeInstanceOf(StoreCorruptError);
    expect((error as Error).message).toContain(' of r1 ');
  });
});
