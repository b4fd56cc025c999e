import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type PostgresOptions, postgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { StorePlace } from '../../../src/testing/store-suite/store-place.ts';
import { TestServer } from './server.ts';

/** A new schema for a store, and how to look into it. */
export interface PostgresPlace extends StorePlace {
  readonly url: string;
  readonly schema: string;
  /** Asks the server for something, in this schema. */
  ask<T>(text: string, values?: readonly unknown[]): Promise<T[]>;
  open(options?: PostgresOptions): ReturnType<typeof postgresStore>;
  remove(): Promise<void>;
}

/** The server that all tests of a run share. */
export async function sharedServer(): Promise<TestServer> {
  const server = new TestServer(process.env.TUTTI_TEST_POSTGRES!, Number(process.env.TUTTI_TEST_PID));
  if (isFirst(server.folder)) await server.start();
  else await server.ready();
  return server;
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(join(folder, 'begun'));
    return true;
  } catch {
    return false;
  }
}

/** A new, empty schema in the shared server, or in that of an address. */
export async function postgresPlace(options: PostgresOptions = {}, server?: string): Promise<PostgresPlace> {
  const url = server ?? (await sharedServer()).url;
  const schema = options.schema ?? `t_${randomUUID().replaceAll('-', '')}`;
  return {
    url,
    schema,
    ask: (text, values) => sql(`${url}&options=-csearch_path=${schema}`, text, values),
    open: (more) => postgresStore(url, { schema, maxConnections: 5, ...options, ...more }),
    remove: async () => void (await sql(url, `DROP SCHEMA IF EXISTS "${schema}" CASCADE`)),
  };
}

const emptied: string[] = [];
const tables = 'runs run_values events entries waits signals checkpoints extras sessions'.split(' ');

/** As {@link postgresPlace}, but its tables may have been there before: making them takes longer than most tests. */
export async function reusedPlace(): Promise<PostgresPlace> {
  const schema = emptied.pop();
  const place = await postgresPlace(schema === undefined ? {} : { schema });
  const remove = async (): Promise<void> => {
    // One that was not used has no tables.
    await place.ask(tables.map((table) => `DELETE FROM ${table}`).join('; ')).catch(() => {});
    emptied.push(place.schema);
  };
  return { ...place, remove };
}

/** Asks the server for something on a connection of its own. */
export async function sql<T>(url: string, text: string, values: readonly unknown[] = []): Promise<T[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows as T[];
  } finally {
    await client.end();
  }
}
