import type { Client, ClientConfig, CustomTypesConfig, Pool } from 'pg';
import { StoreError } from '../errors.ts';
import { fromColumn } from './column-text.ts';

/** Where a database is, and how to talk to it. */
export interface Place {
  readonly url: string;
  readonly schema: string;
  readonly maxConnections: number;
  readonly timeoutMs: number;
}

/** A connection of which nobody need wait for the end: the process may end before. The package's types do not say so. */
export type Listening = Client & { ref(): void; unref(): void };

type Package = typeof import('pg');

/** A process that was stopped may hold a row in an open transaction: the server ends that after so many milliseconds at most. */
const idleInTransactionMs = 10_000;

/** The package `pg`, which is not loaded before. Errors: `StoreError` when it is not installed. */
async function load(): Promise<Package> {
  try {
    return await import('pg');
  } catch (cause) {
    throw new StoreError('missing-package', 'PostgreSQL needs the package pg: install it', { cause });
  }
}

/** Connections to share. */
export async function openPool(place: Place): Promise<Pool> {
  const { Pool, types } = await load();
  const pool = new Pool({
    ...settings(place, types),
    max: place.maxConnections,
    allowExitOnIdle: true,
    onConnect: async (client) => {
      // One that breaks says so to whoever uses it.
      client.on('error', () => {});
      await client.query(session(place));
    },
  });
  pool.on('error', () => {});
  return pool;
}

/** A connection of its own, to listen. */
export async function openClient(place: Place): Promise<Listening> {
  const { Client, types } = await load();
  const client = new Client(settings(place, types)) as Listening;
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** A name as SQL writes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function settings({ url, timeoutMs }: Place, types: Package['types']): ClientConfig {
  return {
    connectionString: url,
    fallback_application_name: 'tutti',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: timeoutMs,
    // The server gives up first, where it can: then the connection is still of use.
    query_timeout: timeoutMs + 1000,
    types: { getTypeParser: parserOf(types) },
  };
}

/** A pooler between here and there may refuse settings that come with the connection, so they are a statement. */
function session({ schema, timeoutMs }: Place): string {
  return [
    `SET search_path = ${quoted(schema)}`,
    `SET statement_timeout = ${timeoutMs}`,
    `SET idle_in_transaction_session_timeout = ${Math.min(idleInTransactionMs, timeoutMs)}`,
    "SET default_transaction_isolation = 'read committed'",
    'SET client_min_messages = warning',
    // Every question has its index. So a plan is made once, and is as good when there are many more runs.
    'SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off',
  ].join('; ');
}

/** How columns are read, by the number of their type: `bigint`, `text`, `json`. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  20: Number,
  25: fromColumn,
  114: (text) => JSON.parse(text, (_, value) => (typeof value === 'string' ? fromColumn(value) : value)),
};

function parserOf(types: Package['types']): CustomTypesConfig['getTypeParser'] {
  return (oid, format) => parsers[oid] ?? types.getTypeParser(oid, format);
}
