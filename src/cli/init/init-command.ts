import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { exitCode } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';
import { completedManifest } from './completed-manifest.ts';
import { installedFrom } from './installed-from.ts';
import { starter } from './starter.ts';

/** Files that a project may have before: it keeps its own. */
const common: ReadonlySet<string> = new Set(['.gitignore', 'tsconfig.json']);

/**
 * Makes a project to start from. What is there already stays: the command refuses to write over it, and adds to a `package.json`
 * only what it lacks.
 */
export async function initCommand(folder = '.'): Promise<number> {
  const path = resolve(folder);
  const { manifest, files } = starter(packageName(path), await installedFrom(path));
  const there = await thoseThere(path, Object.keys(files));
  const inTheWay = there.find((name) => !common.has(name));
  if (inTheWay !== undefined)
    throw new UsageError(
      `${join(folder, inTheWay)} exists already; choose another folder, such as: tutti init my-workflows`,
    );
  const { content, isNew, kept } = await completedManifest(join(path, 'package.json'), manifest);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'package.json'), content);
  const made = Object.entries(files).filter(([name]) => !there.includes(name));
  for (const [name, text] of made) await writeFile(join(path, name), text, { flag: 'wx' });
  const names = [isNew ? 'package.json' : 'package.json (added to)', ...made.map(([name]) => name)];
  const enter = folder === '.' ? '' : `cd ${folder} && `;
  const start = kept.includes('start') ? `npx ${manifest.scripts.start}` : 'npm start';
  process.stdout.write(
    `Made in ${path}:\n${names.map((name) => `  ${name}\n`).join('')}\nNow run: ${enter}npm install && ${start}\n`,
  );
  return exitCode.completed;
}

/** Which of these files a folder has. */
async function thoseThere(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const found = await readdir(folder).catch((): string[] => []);
  return names.filter((name) => found.includes(name));
}

/** A folder's name as npm takes it. */
function packageName(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' || name === 'tutti' || name === 'node-modules' ? 'my-workflows' : name;
}
