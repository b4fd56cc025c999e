import { checkLimit, cursorAfter, readCursor } from './page.ts';
import type { RunFilter, RunPage } from './run-store.ts';
import type { StoredRun } from './stored-run.ts';

/** How to ask for a page of runs: what follows on `FROM runs`, the values in it, and how many runs the page may have. */
export interface ListQuery {
  readonly text: string;
  readonly values: readonly (string | number)[];
  readonly limit: number;
}

/**
 * Asks for one run more than the page may have, so as to know whether there is another page.
 *
 * Errors: `DefinitionError` for a limit or an end of page that cannot be.
 *
 * @param place how the database writes the place of value 1, 2, and so on
 */
export function listQuery(filter: RunFilter, place: (number: number) => string): ListQuery {
  const limit = checkLimit(filter.limit ?? 50, 1000);
  const after = filter.after === undefined ? undefined : readCursor(filter.after);
  const values: (string | number)[] = [];
  const put = (value: string | number): string => place(values.push(value));
  const conditions = ['1 = 1'];
  if (filter.workflow !== undefined) conditions.push(`workflow = ${put(filter.workflow)}`);
  if (filter.sessionId !== undefined) conditions.push(`session_id = ${put(filter.sessionId)}`);
  if (filter.forkedFrom !== undefined) conditions.push(`forked_run = ${put(filter.forkedFrom)}`);
  if (filter.states?.length === 0) conditions.push('1 = 0');
  else if (filter.states) conditions.push(`state IN (${filter.states.map(put).join()})`);
  if (after) conditions.push(`(created_at, run_id) < (${put(after.createdAt)}, ${put(after.runId)})`);
  const text = `WHERE ${conditions.join(' AND ')} ORDER BY created_at DESC, run_id DESC LIMIT ${put(limit + 1)}`;
  return { text, values, limit };
}

/** A page, from the runs that were found. */
export function toPage(found: readonly StoredRun[], limit: number): RunPage {
  const runs = found.slice(0, limit);
  const last = found.length > limit ? runs.at(-1) : undefined;
  return { runs, ...(last && { next: cursorAfter(last) }) };
}
