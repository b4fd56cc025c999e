import { StoreError } from '../errors.ts';
import type { Ask, Database } from './database.ts';
import { quoted } from './driver.ts';
import { migrations } from './migrations.ts';

/**
 * Brings the tables of a schema up to date, or makes them where there are none.
 *
 * Errors: `StoreError` for tables of a later version, or a database of another encoding; `StoreCorruptError` for a schema with
 * tables of another program. Neither changes it.
 */
export async function migrate(db: Database, schema: string): Promise<void> {
  if ((await versionOf(db.ask, schema)) === migrations.length) return;
  await db.transaction(async (ask) => {
    // It may wait for another process, and then have little to do; changing a large table may take long.
    await ask('SET LOCAL statement_timeout = 0');
    await ask('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`tutti ${schema}`]);
    await checkEncoding(ask);
    const version = await versionOf(ask, schema);
    if (version > migrations.length)
      throw new StoreError(
        'newer-schema',
        `schema ${schema} was written by a later version of Tutti: its tables are of version ${version}, this one knows ${migrations.length}`,
      );
    if (version === 0) await begin(ask, schema);
    for (const [index, { name, sql }] of migrations.entries()) {
      if (index < version) continue;
      await ask(sql);
      await ask('INSERT INTO tutti_migrations VALUES ($1, $2, clock_timestamp())', [index + 1, name]);
    }
  });
}

/** 0 where there are no tables of ours. */
async function versionOf(ask: Ask, schema: string): Promise<number> {
  const table = `${quoted(schema)}.tutti_migrations`;
  const [found] = await ask<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
  if (!found?.there) return 0;
  const [row] = await ask<{ version: number }>(`SELECT coalesce(max(version), 0) AS version FROM ${table}`);
  return row?.version ?? 0;
}

/** A schema that an administrator has made needs no right to make one. */
async function begin(ask: Ask, schema: string): Promise<void> {
  const there = await ask('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (there.length === 0) await ask(`CREATE SCHEMA ${quoted(schema)}`);
  await ask(
    'CREATE TABLE IF NOT EXISTS tutti_migrations (version int PRIMARY KEY, name text, applied_at timestamptz)',
  );
}

async function checkEncoding(ask: Ask): Promise<void> {
  const [row] = await ask<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding");
  if (row?.encoding !== 'UTF8')
    throw new StoreError('cannot-open', `the database is encoded in ${row?.encoding}; it must be UTF8`);
}
