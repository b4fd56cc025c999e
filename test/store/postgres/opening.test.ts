import { afterEach, describe, expect, it, vi } from 'vitest';
import { StoreCorruptError, StoreError } from '../../../src/store/errors.ts';
import { postgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { RunStore } from '../../../src/store/run-store.ts';
import { events, leased, newRun, refusal, result } from '../../../src/testing/store-suite/store-place.ts';
import { postgresPlace, sharedServer, sql } from './postgres-place.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const back of undo.splice(0).reverse()) await back();
});

/** A new schema, and what closes its stores and removes it after the test. */
async function place() {
  const made = await postgresPlace();
  undo.push(() => made.remove());
  const open = (): RunStore => opened(made.open());
  return { ...made, open };
}

function opened(store: RunStore): RunStore {
  undo.push(() => store.close());
  return store;
}

describe('postgresStore, opening,', () => {
  it('connects to nothing before it is used', async () => {
    const store = postgresStore('postgresql://nobody@/nowhere?host=/not/there');
    await store.close();
    expect(await refusal(() => store.get('r1'))).toMatchObject({ reason: 'closed' });
  });

  it('says that a server cannot be reached, and that it may be later', async () => {
    const store = opened(postgresStore('postgresql://nobody@/nowhere?host=/not/there'));
    for (const call of [() => store.get('r1'), () => store.create(newRun())]) {
      const error = await refusal(call);
      expect(error).toBeInstanceOf(StoreError);
      expect(error).toMatchObject({ reason: 'unreachable', retryable: true });
    }
  });

  it('refuses a database that is not there, and an address that is none', async () => {
    const { url } = await sharedServer();
    for (const wrong of [url.replace('/postgres?', '/missing?'), 'postgresql://a b:c']) {
      const error = await refusal(() => opened(postgresStore(wrong)).get('r1'));
      expect(error).toBeInstanceOf(StoreError);
      expect(error).toMatchObject({ reason: 'cannot-open', retryable: false });
    }
  });

  it('refuses a user who may not make a schema, and serves one whose schema is there', async () => {
    const { url, schema } = await place();
    await sql(url, `CREATE ROLE "${schema}" LOGIN`);
    undo.push(() => sql(url, `DROP OWNED BY "${schema}" CASCADE; DROP ROLE "${schema}"`));
    const restricted = url.replace('tutti@', `${schema}@`);
    const store = opened(postgresStore(restricted, { schema }));
    expect(await refusal(() => store.get('r1'))).toMatchObject({ reason: 'cannot-open', retryable: false });
    await sql(url, `CREATE SCHEMA "${schema}" AUTHORIZATION "${schema}"`);
    expect(await store.get('r1')).toBeUndefined();
  });

  it('refuses a database of another encoding', async () => {
    const { url, schema } = await place();
    await sql(url, `CREATE DATABASE "${schema}" ENCODING 'SQL_ASCII' TEMPLATE template0`);
    const store = postgresStore(url.replace('/postgres?', `/${schema}?`));
    const error = await refusal(() => store.get('r1'));
    await store.close();
    await sql(url, `DROP DATABASE "${schema}"`);
    expect(error).toMatchObject({
      ...{ reason: 'cannot-open', retryable: false },
      message: 'the database is encoded in SQL_ASCII; it must be UTF8',
    });
  });

  it('makes its tables once when many open an empty schema at the same time', async () => {
    const { open, ask } = await place();
    const stores = Array.from({ length: 6 }, open);
    await Promise.all(stores.map((store, index) => store.create(newRun({ runId: `r${index}` }))));
    expect((await stores[0]!.list()).runs).toHaveLength(6);
    expect(await ask('SELECT version FROM tutti_migrations')).toHaveLength(1);
  });

  it('refuses the tables of a later version, and leaves them as they are', async () => {
    const { open, ask } = await place();
    await open().create(newRun());
    await ask("INSERT INTO tutti_migrations VALUES (99, 'later', now())");
    const error = await refusal(() => open().get('r1'));
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ reason: 'newer-schema', retryable: false });
    expect(await ask('SELECT run_id FROM runs')).toHaveLength(1);
  });

  it("refuses another program's schema, and leaves it as it is", async () => {
    const { open, ask, schema, url } = await place();
    await sql(url, `CREATE SCHEMA "${schema}"`);
    await ask('CREATE TABLE runs (a int)');
    const error = await refusal(() => open().get('r1'));
    expect(error).toBeInstanceOf(StoreCorruptError);
    const tables = 'SELECT tablename FROM pg_tables WHERE schemaname = current_schema()';
    expect(await ask(tables)).toEqual([{ tablename: 'runs' }]);
  });

  it('never begins anew when tables are gone', async () => {
    const { open, ask } = await place();
    const store = open();
    await store.create(newRun());
    await ask('DROP TABLE events');
    for (const handle of [store, open()])
      expect(await refusal(() => handle.events('r1'))).toBeInstanceOf(StoreCorruptError);
  });

  it.each([
    ['an event', "UPDATE events SET body = replace(body, '7', '8') WHERE seq = 7", 'event 7 of r1'],
    ['an entry', "UPDATE entries SET body = '1'", 'a journal entry of r1'],
    ['a value', "UPDATE run_values SET body = '1'", "r1's input"],
    ['the place of an event', 'DELETE FROM events WHERE seq = 7', 'event 7 of r1'],
  ])('refuses %s that was changed by somebody else', async (_, change, what) => {
    const { open, ask } = await place();
    const store = open();
    const lease = await leased(store);
    await store.commit(lease, { number: 1, events: events(0, 10), entries: [result()] });
    await ask(change);
    const read = async () => {
      await store.get('r1');
      await store.events('r1');
      await store.journal('r1');
    };
    const error = await refusal(read);
    expect(error).toBeInstanceOf(StoreCorruptError);
    expect((error as Error).message).toContain(what);
  });

  it('says which package to install', async () => {
    vi.doMock('pg', () => {
      throw new Error('there is no such package');
    });
    undo.push(() => vi.doUnmock('pg'));
    vi.resetModules();
    const fresh = await import('../../../src/store/postgres/postgres-store.ts');
    const error = await refusal(() => fresh.postgresStore('postgresql://a@b/c').get('r1'));
    expect(error).toMatchObject({
      ...{ name: 'StoreError', reason: 'missing-package', retryable: false },
      message: 'PostgreSQL needs the package pg: install it',
    });
  });
});
