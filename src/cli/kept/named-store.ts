import { UsageError } from '../usage-error.ts';

/** The file that is taken where nobody says another. */
export const usualStore = 'tutti.db';

/** Where the command line, or else `TUTTI_STORE`, says that runs are kept. */
export function namedStore(given: string | undefined): string | undefined {
  if (given === '')
    throw new UsageError('--store is empty: name a file, such as tutti.db, or a postgres:// URL');
  return given ?? (process.env.TUTTI_STORE || undefined);
}
