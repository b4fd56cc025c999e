import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { textOf } from '../../core/errors.ts';
import { suggest } from '../../problems/suggest.ts';
import { UsageError } from '../usage-error.ts';

/** What is to be run: a file, or a text. */
export interface WorkflowSource {
  /** As it was written on the command line; not given for a text. */
  readonly file: string | undefined;
  readonly text: string;
}

/** What a word of the command line means: a file where there is one, or where it looks like one; else a text. */
export async function workflowSource(given: string): Promise<WorkflowSource> {
  if (await exists(given)) return fileSource(given);
  if (!/\s/.test(given) && /\.(ya?ml|toml|json)$/i.test(given)) return fileSource(given);
  return { file: undefined, text: given };
}

/** Reads a workflow file. Errors: {@link UsageError}, with the name that was probably meant. */
export async function fileSource(file: string): Promise<WorkflowSource> {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      throw new UsageError(`${file} cannot be read: ${textOf(error)}`, { cause: error });
    const near = suggest(basename(file), await readdir(dirname(file)).catch(() => []));
    throw new UsageError(`there is no file ${file}${near === undefined ? '' : `; did you mean ${near}?`}`);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
