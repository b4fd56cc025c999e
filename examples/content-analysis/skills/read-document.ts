import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { DocumentError } from './document-error.ts';

const maxBytes = 5 * 1024 * 1024;

export interface Document {
  /** The file's name without its folder. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/**
 * Reads a text file: UTF-8, or UTF-16 with a byte order mark (the mark is dropped); line ends become `\n`.
 *
 * Errors: {@link DocumentError} with the `problem`: missing, directory, unreadable, too-large (over 5 MB),
 * binary or empty. An aborted `signal` rejects with the abort's own error.
 */
export async function readDocument(path: string, signal?: AbortSignal): Promise<Document> {
  signal?.throwIfAborted();
  const bytes = await readBytes(path, signal);
  const text = decode(bytes, path).replace(/\r\n?/gu, '\n');
  if (text.trim() === '') throw new DocumentError('empty', path);
  return { name: basename(path), path, text };
}

async function readBytes(path: string, signal: AbortSignal | undefined): Promise<Buffer> {
  try {
    const file = await stat(path);
    if (file.isDirectory()) throw new DocumentError('directory', path);
    if (!file.isFile()) throw new DocumentError('unreadable', path);
    if (file.size > maxBytes) throw new DocumentError('too-large', path);
    return await readFile(path, { signal });
  } catch (cause) {
    if (cause instanceof DocumentError || signal?.aborted) throw cause;
    throw new DocumentError(isMissing(cause) ? 'missing' : 'unreadable', path, { cause });
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}

function decode(bytes: Buffer, path: string): string {
  const encoding = toEncoding(bytes);
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch (cause) {
    throw new DocumentError('binary', path, { cause });
  }
  throw new DocumentError('binary', path);
}

function toEncoding(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}
