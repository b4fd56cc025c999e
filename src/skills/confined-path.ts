import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { ForbiddenPathError } from './forbidden-path-error.ts';

/**
 * Where a path leads within a folder, once all symbolic links are followed as far as the path exists.
 *
 * @param root the folder; it must exist
 * @param path relative to the folder
 */
export async function confinedPath(root: string, path: string): Promise<string> {
  if (path.includes('\0') || isAbsolute(path)) throw new ForbiddenPathError(path);
  const base = await realpath(root);
  const wanted = resolve(base, path);
  const found = await followed(wanted);
  if (!isInside(base, wanted) || !isInside(base, found)) throw new ForbiddenPathError(path);
  return found;
}

/** A path with the links followed of as much of it as there is; a link to nothing leads where it says. */
async function followed(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const above = dirname(path);
    if (!isMissing(error) || above === path) throw error;
    return resolve(await followed(above), relative(above, path));
  }
}

function isInside(base: string, path: string): boolean {
  const way = relative(base, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
