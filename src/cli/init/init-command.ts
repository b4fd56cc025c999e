import { access, mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { exitCode } from '../exit-code.ts';
import { ownVersion } from '../own-version.ts';
import { UsageError } from '../usage-error.ts';
import { starter } from './starter.ts';

/** Makes a project to start from. What is there already stays: the command refuses to write over it. */
export async function initCommand(folder = '.'): Promise<number> {
  const path = resolve(folder);
  const files = Object.entries(starter(packageName(path), ownVersion()));
  for (const [name] of files)
    if (await exists(join(path, name)))
      throw new UsageError(`${join(folder, name)} exists already; choose an empty folder`);
  await mkdir(path, { recursive: true });
  for (const [name, content] of files) await writeFile(join(path, name), content, { flag: 'wx' });
  const made = files.map(([name]) => `  ${name}`).join('\n');
  const enter = folder === '.' ? '' : `cd ${folder} && `;
  process.stdout.write(`Made in ${path}:\n${made}\n\nNow run: ${enter}npm install && npm start\n`);
  return exitCode.completed;
}

/** A folder's name as npm takes it. */
function packageName(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' || name === 'tutti' || name === 'node-modules' ? 'my-workflows' : name;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
