import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, runFile } from './run-file.ts';

const texts = fileURLToPath(new URL('../../examples/content-analysis/texts', import.meta.url));
const main = 'examples/content-analysis/main.ts';
const patience = { timeout: 120_000 };

describe('examples/start', () => {
  it.concurrent('analyses texts, then runs a workflow file', patience, async () => {
    const { code, lines } = await runFile('examples/start.ts');
    const told = lines.indexOf('The same skills in a file, examples/content-moderation.yaml:');
    expect(told).toBeGreaterThan(20);
    const events = lines.slice(told + 2).map((line) => JSON.parse(line));
    expect(events.at(0)).toMatchObject({ type: 'run.started', workflow: 'content-moderation' });
    expect(events.at(-1)).toMatchObject({ type: 'run.completed', output: { message: expect.any(String) } });
    expect(code).toBe(0);
  });

  it.concurrent('only analyses the files that it is asked for', patience, async () => {
    const { code, lines } = await runFile('examples/start.ts', [join(texts, 'en-kennedy-1962.txt')]);
    expect(lines.filter((line) => line.includes('content-moderation.yaml'))).toEqual([]);
    expect(code).toBe(0);
  });
});

describe('examples/01-chain', () => {
  it.concurrent('streams a translation, and answers it', patience, async () => {
    const { code, lines, stderr } = await runFile('examples/01-chain.ts');
    const translation = 'hello, the delivery was in delay but the service is excellent and kind.';
    expect(lines).toEqual([translation, `Thank you! You wrote: “${translation}”`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('examples/02-fan-out', () => {
  it.concurrent('sums up what could be read, and says what could not', patience, async () => {
    const { code, lines, stderr } = await runFile('examples/02-fan-out.ts');
    expect(lines).toEqual([
      expect.stringMatching(/^en-kennedy-1962\.txt: \d+ words$/),
      'no-such-file.txt: failed',
      expect.stringMatching(/^en-roosevelt-1942\.txt: \d+ words$/),
      expect.stringMatching(/^\d+ words in 2 of 3 files$/),
    ]);
    const [kennedy, , roosevelt, total] = lines.map((line) => Number(/(\d+) words/.exec(line)?.[1]));
    expect(total).toBe((kennedy ?? 0) + (roosevelt ?? 0));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('examples/03-graph', () => {
  it.concurrent('publishes what is approved, and skips that for the rest', patience, async () => {
    const { code, lines, stderr } = await runFile('examples/03-graph.ts');
    expect(lines).toEqual([
      '10 words; published: “Tides.”',
      expect.stringMatching(/^publish skipped: /),
      '10 words; kept back',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('examples/04-text', () => {
  it.concurrent(
    'does what its text says, and another task in the place of one that fails',
    patience,
    async () => {
      const { code, lines, stderr } = await runFile('examples/04-text.ts');
      expect(lines).toEqual([
        'asked for en-roosevelt-1942.txt: count the words: 654, find the longest word: instantaneous',
        'asked for no-such-file.txt: count the words: 913, find the longest word: disappointments',
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
  );
});

describe('examples/content-analysis', () => {
  let folder = '';
  const put = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tutti-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.concurrent('reports on its own texts, in at least eight languages', patience, async () => {
    const { code, lines, stderr } = await runFile(main);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const files = (await readdir(texts)).filter((file) => file.endsWith('.txt'));
    const n = files.length;
    for (const file of files)
      expect(lines).toContainEqual(
        expect.stringMatching(new RegExp(`^\\[ *\\d+/${n} \\$[\\d.]+\\] ${file}: \\w+`)),
      );
    expect(lines).toContain(`REPORT: ${n} of ${n} documents analysed`);
    expect(languagesOf(lines).length).toBeGreaterThanOrEqual(8);
    expect(languagesOf(lines)).toEqual(expect.arrayContaining(['English', 'French', 'German', 'Japanese']));
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}\+0\.\d\d {2}positive {2}ja-review\.txt .*\(by emoji\)$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^ {6}\? {2}unknown {3}tr-human-rights\.txt/));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}people .*John McCormack/));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}dates .*14 March 2026/));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}en-kennedy-1962\.txt: found .*Massachusetts/));
    expect(costOf(lines)).toBeGreaterThan(0);
  });

  it.concurrent("analyses a user's file", patience, async () => {
    const file = await put(
      'note.txt',
      'I love this wonderful town. Ada Lovelace was happy in London on 3 May 2021.',
    );
    const { code, lines, stderr } = await runFile(main, [file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines).toContainEqual(
      expect.stringMatching(/^\[1\/1 .*\] note\.txt: English, 15 words, positive \+0\.\d\d, /),
    );
    expect(lines).toContainEqual('  people  Ada Lovelace');
    expect(lines).toContainEqual('  places  London');
  });

  it.concurrent('says what is wrong with a file, and analyses the others', patience, async () => {
    const good = await put(
      'gut.txt',
      'Das ist ein schöner Tag, und alle freuen sich sehr darüber. Das Wetter ist gut.',
    );
    const binary = await put('image.dat', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0xff));
    const empty = await put('empty.txt', ' \n');
    const missing = join(folder, 'missing.txt');
    const { code, lines, stderr } = await runFile(main, [missing, binary, empty, folder, good]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(lines).toContain('REPORT: 1 of 5 documents analysed');
    expect(languagesOf(lines)).toEqual(['German']);
    expect(lines).toContain(`  ${missing}: there is no such file`);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}.*image\.dat: it is not text/));
    expect(lines).toContain(`  ${empty}: it has no text in it`);
    expect(lines).toContain(`  ${folder}: it is a directory, not a file`);
  });

  it.concurrent('has nothing to report when no file can be read', patience, async () => {
    const { code, lines } = await runFile(main, [join(folder, 'missing.txt')]);
    expect(code).toBe(1);
    expect(lines).toContain('No document could be analysed.');
    expect(costOf(lines)).toBe(0);
  });

  it.concurrent('works out the same text once, and tells files of one name apart', patience, async () => {
    await mkdir(join(folder, 'other'));
    const file = await put('twice.txt', 'This is a good day for everybody in Paris.');
    const other = await put(
      'other/twice.txt',
      'Ceci est une autre journée, très belle et très longue, à la campagne.',
    );
    const { code, lines } = await runFile(main, [file, file, other]);
    expect(code).toBe(0);
    expect(lines).toContain('REPORT: 3 of 3 documents analysed');
    expect(lines.filter((line) => line.endsWith('the same text as before'))).toHaveLength(1);
    expect(lines).toContainEqual(`  English  2  ${file}, ${file} (2)`);
    expect(lines).toContainEqual(`  French   1  ${other}`);
  });

  it.concurrent('ends gracefully at Ctrl-C, and says what it cost', patience, async () => {
    const file = await put('long.txt', 'Ada Lovelace met Charles Babbage in London. '.repeat(40_000));
    const child = spawn(process.execPath, ['--import', 'tsx', main, file], { cwd: root });
    const ended = once(child, 'close');
    let output = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      output += String(chunk);
      if (output.includes('long.txt: found Ada Lovelace')) child.kill('SIGINT');
    }
    expect(await ended).toEqual([130, null]);
    const lines = output.split('\n');
    expect(lines).toContain('The analysis was stopped: interrupted');
    expect(costOf(lines)).toBeGreaterThan(0);
  });

  it.concurrent('reads a file again that could not be opened for a moment', patience, async () => {
    const file = await put('busy.txt', 'This is a good day for everybody.');
    const busy = fileURLToPath(new URL('busy-files.mjs', import.meta.url));
    const { code, lines } = await runFile(main, [file], ['--import', busy]);
    expect(code).toBe(0);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}busy\.txt: read again in 50 ms, EMFILE/));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}busy\.txt: read again in 100 ms, EMFILE/));
    expect(lines).toContain('REPORT: 1 of 1 documents analysed');
  });
});

function languagesOf(lines: readonly string[]): string[] {
  const from = lines.indexOf('Languages') + 1;
  return lines.slice(from, lines.indexOf('', from)).map((line) => line.trim().split(/ {2,}/)[0] ?? '');
}

function costOf(lines: readonly string[]): number {
  const line = lines.find((one) => one.startsWith('Cost ')) ?? '';
  return Number(/\$([\d.]+)/.exec(line)?.[1]);
}
