import { postgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { RunStore } from '../../../src/store/run-store.ts';
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Place } from './plan.ts';

/** Opens a store, whose clock is ahead by some time, so that the leases of the dead have expired. */
export function openStore({ store }: Place, aheadMs = 0): RunStore {
  const clock = { now: () => Date.now() + aheadMs };
  return store.kind === 'sqlite'
    ? sqliteStore(store.file, { durability: store.durability, pollMs: 5, clock })
    : postgresStore(store.url, { schema: store.schema, maxConnections: 3, clock });
}
