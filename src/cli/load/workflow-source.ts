import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { textOf } from '../../core/errors.ts';
import { suggest } from '../../problems/suggest.ts';
import { UsageError } from '../usage-error.ts';

const endings: ReadonlySet<string> = new Set(['.yaml', '.yml', '.toml', '.json']);

/** What is to be run: a file, or a text. */
export interface WorkflowSource {
  /** As it was written on the command line; not given for a text. */
  readonly file: string | undefined;
  readonly text: string;
}

/** What a word of the command line means: a file where there is one, or where it looks like one; else a text. */
export async function workflowSource(given: string): Promise<WorkflowSource> {
  if (given.trim() === '') throw new UsageError('the name of the workflow file, or its text, is empty');
  const isFile = await stat(given).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile || looksLikeFile(given) ? fileSource(given) : { file: undefined, text: given };
}

function looksLikeFile(given: string): boolean {
  return (
    !/\s/.test(given) &&
    (endings.has(extname(given).toLowerCase()) || /^(?:\.{1,2}|~)?(?:[/\\]|$)|[/\\]$/.test(given))
  );
}

/** Reads a workflow file. Errors: {@link UsageError}, with the name that was probably meant. */
export async function fileSource(file: string): Promise<WorkflowSource> {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EISDIR') throw new UsageError(`${file} is a folder; name a workflow file in it`);
    if (code !== 'ENOENT') throw new UsageError(`${file} cannot be read: ${textOf(error)}`, { cause: error });
    const near = await nearestFile(file);
    throw new UsageError(`there is no file ${file}${near === undefined ? '' : `; did you mean ${near}?`}`);
  }
}

/** The workflow file beside it that has nearly its name, whatever its ending. */
export async function nearestFile(file: string): Promise<string | undefined> {
  const folder = dirname(file);
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) =>
    endings.has(extname(name)),
  );
  const files = new Map(names.map((name) => [stemOf(name), name]));
  const near = files.get(suggest(stemOf(basename(file)), files.keys()) ?? '');
  return near && (file.startsWith('.') || folder !== '.' ? join(folder, near) : near);
}

function stemOf(name: string): string {
  const ending = extname(name);
  return endings.has(ending.toLowerCase()) ? name.slice(0, -ending.length) : name;
}
