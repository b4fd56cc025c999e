import { step } from 'tutti';
import { retry } from 'tutti/operators';
import { DocumentError } from '../skills/document-error.ts';
import { readDocument } from '../skills/read-document.ts';
import type { Source } from '../sources.ts';

/** Too many open files, a busy file or network drive: gone a moment later. A missing file stays missing. */
const transient: ReadonlySet<unknown> = new Set(['EAGAIN', 'EBUSY', 'EIO', 'EMFILE', 'ENFILE', 'ETIMEDOUT']);

/** Reads a file. */
export const read = step('read', async (source: Source, { signal }) => {
  const { text } = await readDocument(source.path, signal);
  return { ...source, text };
}).with(retry({ maxRetries: 4, delay: '50ms', on: isTransient }));

function isTransient(error: unknown): boolean {
  const cause = error instanceof DocumentError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && transient.has(cause.code);
}
