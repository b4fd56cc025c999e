import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputOf, run } from 'tutti';
import { ForbiddenPathError, fileRead, fileWrite } from 'tutti/skills';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let top: string;
let root: string;

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'tutti-files-'));
  root = join(top, 'root');
  await mkdir(join(root, 'inner'), { recursive: true });
  await mkdir(join(top, 'root-beside'));
  await writeFile(join(root, 'a.txt'), 'hello');
  await writeFile(join(top, 'secret.txt'), 'secret');
  await symlink(join(top, 'secret.txt'), join(root, 'link.txt'));
  await symlink(top, join(root, 'out'));
  await symlink(join(root, 'inner'), join(root, 'in'));
  await symlink(join(top, 'new.txt'), join(root, 'dangling.txt'));
});

afterAll(() => rm(top, { recursive: true }));

const read = (path: string, more: object = {}) =>
  outputOf(run(fileRead({ root, maxBytes: 100 }), { path, ...more }));
const write = (path: string, text: string, more: object = {}) =>
  outputOf(run(fileWrite({ root }), { path, text, ...more }));

describe('fileRead', () => {
  it('reads a text file of the folder', async () => {
    expect(await read('a.txt')).toEqual({ path: 'a.txt', text: 'hello' });
    expect(await read('inner/../a.txt', { encoding: 'base64' })).toMatchObject({ text: 'aGVsbG8=' });
  });

  it.each([
    '../secret.txt',
    'inner/../../secret.txt',
    'link.txt',
    'out/secret.txt',
    '/etc/passwd',
    'a.txt\0',
    '../root-beside/x',
    '..',
  ])('refuses %j, which leads out of it', async (path) => {
    await expect(read(path)).rejects.toBeInstanceOf(ForbiddenPathError);
    await expect(write(path, 'x')).rejects.toBeInstanceOf(ForbiddenPathError);
    expect(await readFile(join(top, 'secret.txt'), 'utf8')).toBe('secret');
  });

  it('refuses what is no file, and does not wait for a pipe', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    for (const path of ['inner', '.', 'pipe'])
      await expect(read(path)).rejects.toThrow(`${path} is not a file`);
  });

  it('refuses what is too long, and says what the system says of what is not there', async () => {
    await writeFile(join(root, 'long.txt'), 'x'.repeat(101));
    await expect(read('long.txt')).rejects.toThrow('long.txt is longer than 100 bytes');
    await expect(read('nothing.txt')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('fileWrite', () => {
  it('writes and appends, with the folders on its way, also by links that stay inside', async () => {
    expect(await write('deep/er/b.txt', 'é')).toEqual({ path: 'deep/er/b.txt', bytes: 2 });
    await write('deep/er/b.txt', '!', { append: true });
    await write('in/c.txt', 'c');
    expect(await readFile(join(root, 'deep/er/b.txt'), 'utf8')).toBe('é!');
    expect(await readFile(join(root, 'inner/c.txt'), 'utf8')).toBe('c');
  });

  it('does not write through a link to what is not there', async () => {
    await expect(write('dangling.txt', 'x')).rejects.toThrow();
    await expect(readFile(join(top, 'new.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
