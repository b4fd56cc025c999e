import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SqliteOptions, sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { StorePlace } from '../../../src/testing/store-suite/store-place.ts';

/** A new folder for a store's file. */
export function sqlitePlace(options: SqliteOptions = {}): StorePlace {
  const folder = mkdtempSync(join(tmpdir(), 'tutti-store-'));
  return {
    open: (more) => sqliteStore(join(folder, 'runs.db'), { pollMs: 5, ...options, ...more }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
