import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ownVersion } from '../own-version.ts';

/**
 * What a project depends on that is to have the same tutti as the one that runs: its version, or the package file, folder or
 * repository that it was installed from, which need not be what a registry has.
 *
 * @param folder the project's
 */
export async function installedFrom(folder: string): Promise<string> {
  const own = dirname(createRequire(import.meta.url).resolve('tutti/package.json'));
  const modules = dirname(own);
  if (basename(modules) !== 'node_modules') return fileIn(folder, own);
  const from = await resolvedIn(modules);
  if (from?.startsWith('file:')) return fileIn(folder, resolve(dirname(modules), from.slice('file:'.length)));
  return from?.startsWith('git') ? from : `^${ownVersion()}`;
}

/** What npm notes of where it has tutti from; nothing where another program has installed it. */
async function resolvedIn(modules: string): Promise<string | undefined> {
  const notes = await readFile(join(modules, '.package-lock.json'), 'utf8').catch(() => '{}');
  const { packages } = JSON.parse(notes) as { packages?: Record<string, { resolved?: string }> };
  return packages?.['node_modules/tutti']?.resolved;
}

/** A file or a folder as npm names it, seen from a folder. */
function fileIn(folder: string, path: string): string {
  const way = relative(folder, path);
  return `file:${(isAbsolute(way) ? path : way).split(sep).join('/')}`;
}
