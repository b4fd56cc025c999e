import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInput } from '../../../src/cli/load/read-input.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tutti-input-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A file of so much text, as `--input` names it. */
function at(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return `@${join(folder, name)}`;
}

/** What is said of an input that cannot be used, without the folder. */
async function refusal(given: string): Promise<string> {
  const error: unknown = await readInput(given).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message.replaceAll(`${folder}/`, '');
}

describe('readInput', () => {
  it('takes JSON, a file of data, and any other file as its text', async () => {
    expect(await readInput('{"a": [1]}')).toEqual({ a: [1] });
    expect(await readInput(at('a.json', '\uFEFF{"a": 1}\n'))).toEqual({ a: 1 });
    expect(await readInput(at('a.yaml', 'a: [1]\n'))).toEqual({ a: [1] });
    expect(await readInput(at('a.txt', '\uFEFFHello\n'))).toBe('Hello\n');
    expect(await readInput(undefined, ['a.b=2'])).toEqual({ a: { b: 2 } });
  });

  it('says in one message where data is broken, and why', async () => {
    expect(await refusal(at('bad.json', '{\n  "text": hello\n}\n'))).toBe(
      `bad.json:2:11: this is not JSON: a value is expected, but there is hello; names and texts stand in double quotes
    "text": hello
            ^^^^^`,
    );
    expect(await refusal('{"text": "a}')).toBe(
      `--input:1:10: this is not JSON: this quote is never closed
  {"text": "a}
           ^`,
    );
    expect(await refusal(at('bad.yaml', 'text: [a\nb: c\n'))).toMatch(
      /^bad\.yaml:2:1: .*\n {2}b: c\n {2}\^$/,
    );
    expect(await refusal(at('empty.json', ''))).toBe('empty.json is empty, which is no JSON');
  });

  it('says of YAML what is said of workflow files', async () => {
    expect(await refusal(at('bad.yaml', 'a: 1\n\tb: 2\n'))).toContain(
      'bad.yaml:2:1: a line cannot be indented with a tab; use spaces',
    );
  });

  it('says what to write in place of a text that is no JSON, and of a file that is not there', async () => {
    expect(await refusal('hello')).toBe(
      `--input hello is not JSON: a text is written as '"hello"', a file as @hello`,
    );
    expect(await refusal('@')).toBe('--input @ needs the name of a file: --input @input.json');
    expect(await refusal(`@${join(folder, 'none.json')}`)).toBe(
      '--input @none.json cannot be read: there is no such file',
    );
  });
});
