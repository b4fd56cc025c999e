import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { benchFolder } from './packages.ts';
import type { Durability } from './workloads/durable.ts';

const folders: string[] = [];

/** Takes away all files of this process. */
export function removeStores(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

process.once('exit', removeStores);

/** A place for a file that is gone when the process ends; beside the results, as a folder for temporary files may be no disk. */
export function storeFile(name: string): string {
  const output = join(benchFolder, 'output');
  mkdirSync(output, { recursive: true });
  const folder = mkdtempSync(join(output, 'store-'));
  folders.push(folder);
  return join(folder, name);
}

/** Opens a file with the SQLite that Tutti would use on this Node, set as Tutti sets it. */
export function openSqlite(file: string, durability: Durability): DatabaseSyncInstance {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const builtIn = major > 22 || (major === 22 && minor >= 13);
  const load = createRequire(import.meta.url);
  const driver: { readonly DatabaseSync: new (file: string) => DatabaseSyncInstance } = load(
    builtIn ? 'node:sqlite' : '@photostructure/sqlite',
  );
  const db = new driver.DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000');
  db.exec(`PRAGMA synchronous = ${durability === 'power' ? 'FULL' : 'NORMAL'}`);
  return db;
}

/** Asks a file for a number. */
export function countIn(file: string, sql: string): number {
  const db = openSqlite(file, 'process');
  try {
    return countOf(db, sql);
  } finally {
    db.close();
  }
}

/** The column `count` of what a query gives. */
export function countOf(db: DatabaseSyncInstance, sql: string): number {
  return (db.prepare(sql).get() as { count: number }).count;
}
