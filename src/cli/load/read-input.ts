import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { textOf } from '../../core/errors.ts';
import { Reading } from '../../definition/source/reading.ts';
import { jsonFlaw } from '../../problems/json-flaw.ts';
import { describeProblem } from '../../problems/refusal.ts';
import { SourceText } from '../../problems/source-text.ts';
import { UsageError } from '../usage-error.ts';
import { setPath } from './set-path.ts';

/** The input that a command line gives: `--input`, and on it each `--set`. */
export async function readInput(given: string | undefined, sets: readonly string[] = []): Promise<unknown> {
  const input = given === undefined ? undefined : await read(given);
  return sets.reduce((made, set) => setPath(made, set), input);
}

async function read(given: string): Promise<unknown> {
  if (given === '-') return parseJson(await standardInput(), 'standard input');
  if (!given.startsWith('@')) return parseJson(given, '--input');
  const file = given.slice(1);
  const text = unmarked(await contentOf(file));
  if (/\.ya?ml$/i.test(file)) return parseYaml(text, file);
  return /\.json$/i.test(file) ? parseJson(text, file) : text;
}

async function standardInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('The input is read from here, as JSON; Ctrl-D ends it.\n');
  return unmarked(await readAll(process.stdin));
}

/** Some editors and shells begin a text with a mark that says how it is encoded. */
function unmarked(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (file === '') throw new UsageError('--input @ needs the name of a file: --input @input.json');
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const said = missing ? 'there is no such file' : textOf(error);
    throw new UsageError(`--input @${file} cannot be read: ${said}`, { cause: error });
  }
}

/** Reads a JSON text, and shows where it is broken. Errors: {@link UsageError}. */
export function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.trim() === '') throw new UsageError(`${from} is empty, which is no JSON`);
    if (from === '--input' && !/^\s*[{["]/.test(text))
      throw new UsageError(
        /^[\w.]+=/.test(text)
          ? `--input ${text} is not JSON; did you mean --set ${text}?`
          : `--input ${text} is not JSON: a text is written as '${JSON.stringify(text)}', a file as @${text}`,
      );
    const { offset = 0, length = 0, message = textOf(error) } = jsonFlaw(text) ?? {};
    throw flaw(new SourceText(text, from), offset, length, `this is not JSON: ${message}`);
  }
}

async function parseYaml(text: string, file: string): Promise<unknown> {
  const [{ parseDocument, Parser }, { complain }] = await Promise.all([
    import('yaml'),
    import('../../definition/source/yaml-flaws.ts'),
  ]);
  const document = parseDocument(text, { prettyErrors: false });
  const reading = new Reading(text, file);
  complain(document.errors, [...new Parser().parse(text)], reading);
  const [problem] = reading.problems;
  if (problem !== undefined) throw new UsageError(describeProblem(problem, reading.source));
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${textOf(cause)}`, { cause });
  }
}

/** Says what is wrong with an input, and shows where. */
function flaw(source: SourceText, offset: number, length: number, message: string): UsageError {
  const problem = { message, ...source.place(Math.min(offset, source.text.length), length) };
  return new UsageError(describeProblem(problem, source));
}
