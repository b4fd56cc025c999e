import { stat } from 'node:fs/promises';
import type { RunStore } from '../../store/run-store.ts';
import { UsageError } from '../usage-error.ts';
import { namedStore, usualStore } from './named-store.ts';
import { withoutSqliteWarning } from './without-sqlite-warning.ts';

/** Opens a store, and makes it where there is none. What it needs is loaded now. */
export async function openStore(place: string): Promise<RunStore> {
  if (isUrl(place)) {
    const { postgresStore } = await import('../../store/postgres/postgres-store.ts');
    return postgresStore(place);
  }
  checkFile(place);
  withoutSqliteWarning();
  const { sqliteStore } = await import('../../store/sqlite/sqlite-store.ts');
  return sqliteStore(place);
}

/** Opens a store that there is: the one that is named, else `tutti.db` in the current folder. Errors: {@link UsageError}. */
export async function openKnownStore(given: string | undefined): Promise<RunStore> {
  const place = namedStore(given);
  if (place !== undefined && isUrl(place)) return openStore(place);
  const file = place ?? usualStore;
  checkFile(file);
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere)
    throw new UsageError(
      place === undefined
        ? `there is no ${usualStore} here: name the store with --store or TUTTI_STORE (a file, or a postgres:// URL)`
        : `there is no store ${file}; "tutti run ... --store ${file}" makes one`,
    );
  return openStore(file);
}

function isUrl(place: string): boolean {
  return /^postgres(ql)?:\/\//.test(place);
}

function checkFile(place: string): void {
  // What is before the @ may be a password.
  if (/^\w+:\/\//.test(place))
    throw new UsageError(
      `--store ${place.replace(/\/\/.*@/, '//...@')}: a URL of a store begins with postgres://`,
    );
}
