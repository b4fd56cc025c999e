import { closeSync, existsSync, fsyncSync, linkSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StoreCorruptError, StoreError } from '../errors.ts';
import { type Connection, connect } from './driver.ts';
import { applicationId, migrations } from './migrations.ts';
import { asStoreError } from './sqlite-error.ts';

/** How a file is opened. */
export interface OpenOptions {
  /** See `SqliteOptions`. */
  readonly durability: 'power' | 'process';
  readonly busyTimeoutMs: number;
  readonly maxFileBytes: number | undefined;
  /** Milliseconds, for the record of migrations. */
  readonly now: number;
}

/** A file up to this size is read through when it is opened, which takes some milliseconds. */
const checkedBytes = 16 * 2 ** 20;

/**
 * Opens a file of ours, or makes one where there is none.
 *
 * A new file gets its tables under another name and only then its own, so that a process that is killed here never leaves a
 * half-made one: an empty file is not a new one, but one that has lost what it held.
 *
 * Errors: `StoreCorruptError` for a file that is damaged or not ours, `StoreError` for one with newer tables or that cannot be
 * opened. Neither changes it.
 */
export function openDatabase(name: string, options: OpenOptions): Connection {
  const file = resolve(name);
  let db: Connection | undefined;
  try {
    if (!existsSync(file)) make(file, options);
    if (statSync(file).size === 0)
      throw new StoreCorruptError(`${file} is empty: it is neither new nor a store`);
    // It is never opened but by SQLite: closing it would take the locks of this process's other stores from them.
    db = connect(file);
    db.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMs}`);
    checkOurs(db, file);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000');
    db.exec(`PRAGMA synchronous = ${options.durability === 'power' ? 'FULL' : 'NORMAL'}`);
    if (options.maxFileBytes !== undefined) limit(db, options.maxFileBytes);
    migrate(db, options.now);
    return db;
  } catch (error) {
    db?.close();
    throw asStoreError(error, file);
  }
}

function make(file: string, options: OpenOptions): void {
  const folder = mkdtempSync(`${file}.new-`);
  try {
    const made = join(folder, 'made');
    const db = connect(made);
    try {
      db.exec(`PRAGMA synchronous = FULL; PRAGMA application_id = ${applicationId}`);
      db.exec(
        'CREATE TABLE tutti_migrations (version INTEGER PRIMARY KEY, name TEXT, applied_at REAL) STRICT',
      );
      migrate(db, options.now);
    } finally {
      db.close();
    }
    publish(made, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Unlike a renaming, a link never takes the place of a file that another process has made in the meantime. */
function publish(made: string, file: string): void {
  try {
    linkSync(made, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  }
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function checkOurs(db: Connection, file: string): void {
  const { application_id: id } = ask<{ application_id: number }>(db, 'PRAGMA application_id');
  if (id !== applicationId)
    throw new StoreCorruptError(`${file} is a file of SQLite, but not a store of Tutti`);
  if (statSync(file).size > checkedBytes) return;
  const { integrity_check: said } = ask<{ integrity_check: string }>(db, 'PRAGMA integrity_check(1)');
  if (said !== 'ok') throw new StoreCorruptError(`${file} is damaged: ${said}`);
}

function limit(db: Connection, maxBytes: number): void {
  const { page_size: size } = ask<{ page_size: number }>(db, 'PRAGMA page_size');
  db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / size))}`);
}

function versionOf(db: Connection): number {
  const sql = 'SELECT coalesce(max(version), 0) AS version FROM tutti_migrations';
  return ask<{ version: number }>(db, sql).version;
}

function ask<T>(db: Connection, sql: string): T {
  return db.prepare(sql).get() as T;
}

function migrate(db: Connection, now: number): void {
  if (versionOf(db) === migrations.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have done it while this one waited for its turn.
    const version = versionOf(db);
    if (version > migrations.length)
      throw new StoreError(
        'newer-schema',
        `the file was written by a later version of Tutti: its tables are of version ${version}, this one knows ${migrations.length}`,
      );
    const record = db.prepare('INSERT INTO tutti_migrations VALUES (?, ?, ?)');
    for (const [index, { name, sql }] of migrations.entries()) {
      if (index < version) continue;
      db.exec(sql);
      record.run(index + 1, name, now);
    }
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
