import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './run-file.ts';

const example = 'examples/05-survives.ts';

/** Reads TypeScript, and keeps Node's word on its own SQLite off the screen. */
const plainNode = ['--import', 'tsx', '--disable-warning=ExperimentalWarning'];

/** Runs the example until it ends, or until it has said so many times that a step is done: then it is killed. */
async function life(file: string, doneAtMost = Number.POSITIVE_INFINITY) {
  const child = spawn(process.execPath, [...plainNode, example, file], { cwd: root });
  const ended = once(child, 'close');
  let output = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    output += String(chunk);
    if (saidIn(output, 'done: ').length >= doneAtMost) child.kill('SIGKILL');
  }
  const [code, signal] = await ended;
  return {
    ended: signal ?? code,
    stderr,
    lines: output.trimEnd().split('\n'),
    done: saidIn(output, 'done: '),
    // Some of it was done and written down when the one before was killed, which had not said so yet.
    doneBefore: saidIn(output, 'going on; done already: ').flatMap((paths) => paths.split(' ')),
    begun: saidIn(output, 'writing to ').map((guest) => `/mapEach/write[${guest}]`),
  };
}

function saidIn(output: string, start: string): string[] {
  const lines = output.split('\n').slice(0, -1);
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
}

describe('examples/05-survives', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tutti-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is killed twice, goes on, and does nothing again that was done', { timeout: 120_000 }, async () => {
    const file = join(folder, 'invitations.db');
    const done = new Set<string>();
    for (const doneAtMost of [1, 3, Number.POSITIVE_INFINITY]) {
      const lived = await life(file, doneAtMost);
      expect(lived.stderr).toBe('');
      expect(lived.begun.filter((path) => done.has(path))).toEqual([]);
      expect(lived.doneBefore).toEqual(expect.arrayContaining([...done]));
      expect(lived.begun.filter((path) => lived.doneBefore.includes(path))).toEqual([]);
      for (const path of [...lived.doneBefore, ...lived.done]) done.add(path);
      expect(lived.ended).toBe(doneAtMost === Number.POSITIVE_INFINITY ? 0 : 'SIGKILL');
      if (lived.ended === 0) expect(lived.lines).toContain('8 letters are in the post');
    }
    expect([...done].filter((path) => path.startsWith('/mapEach/'))).toHaveLength(8);
  });
});
