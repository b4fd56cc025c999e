import { createRequire } from 'node:module';
import { StoreError } from '../errors.ts';

/** What SQLite keeps in a column. */
export type Cell = null | number | string;

/** A prepared statement. */
export interface Statement {
  run(...values: readonly Cell[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  get(...values: readonly Cell[]): unknown;
  all(...values: readonly Cell[]): unknown[];
}

/** A connection: what `node:sqlite` and the package for Node 20 have in common. */
export interface Connection {
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface Driver {
  readonly DatabaseSync: new (file: string) => Connection;
}

/** From this version on, Node has SQLite without a flag. */
const builtInFrom = [22, 13] as const;

/**
 * Opens a file with the SQLite that this Node has: its own, or `@photostructure/sqlite`. Neither is loaded before.
 *
 * Errors: `StoreError` when there is neither; what the driver throws.
 */
export function connect(file: string): Connection {
  const { DatabaseSync } = hasSqlite() ? (process.getBuiltinModule('node:sqlite') as Driver) : fromPackage();
  return new DatabaseSync(file);
}

function hasSqlite(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > builtInFrom[0] || (major === builtInFrom[0] && minor >= builtInFrom[1]);
}

function fromPackage(): Driver {
  const load = createRequire(import.meta.url);
  try {
    return load('@photostructure/sqlite') as Driver;
  } catch (cause) {
    throw new StoreError(
      'missing-package',
      'this version of Node has no SQLite: install @photostructure/sqlite, or use Node 22.13 or later',
      { cause },
    );
  }
}
