import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { textOf } from '../../core/errors.ts';
import { UsageError } from '../usage-error.ts';
import { setPath } from './set-path.ts';

/** The input that a command line gives: `--input`, and on it each `--set`. */
export async function readInput(given: string | undefined, sets: readonly string[] = []): Promise<unknown> {
  const input = given === undefined ? undefined : await read(given);
  return sets.reduce((made, set) => setPath(made, set), input);
}

async function read(given: string): Promise<unknown> {
  if (given === '-') return parse(await readAll(process.stdin), 'the standard input');
  if (!given.startsWith('@')) return parse(given, '--input');
  const file = given.slice(1);
  try {
    const text = await readFile(file, 'utf8');
    if (/\.ya?ml$/i.test(file)) return (await import('yaml')).parse(text, { maxAliasCount: 0 });
    return /\.json$/i.test(file) ? parse(text, file) : text;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--input ${given} cannot be read: ${textOf(error)}`, { cause: error });
  }
}

function parse(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const hint =
      from === '--input' ? `; a text is written as '${JSON.stringify(text)}', a file as @file` : '';
    throw new UsageError(`${from} is not JSON: ${textOf(error)}${hint}`, { cause: error });
  }
}
