import { DefinitionError } from '../core/errors.ts';

/** Where a page of runs ended. */
export interface Cursor {
  readonly createdAt: number;
  readonly runId: string;
}

/** What a caller hands back for the page after. */
export function cursorAfter({ createdAt, runId }: Cursor): string {
  return `${createdAt} ${runId}`;
}

/** Errors: `DefinitionError` for what {@link cursorAfter} did not make. */
export function readCursor(text: string): Cursor {
  const [, at, runId] = /^(\S+) (.+)$/s.exec(text) ?? [];
  const createdAt = Number(at);
  if (runId === undefined || !Number.isFinite(createdAt))
    throw new DefinitionError(`after: ${JSON.stringify(text)} is not the next of a page of runs`);
  return { createdAt, runId };
}

/** Errors: `DefinitionError` for what is no whole number from 1 to `most`. */
export function checkLimit(limit: number, most: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  throw new DefinitionError(`limit: ${limit} is not a whole number from 1 to ${most}`);
}
