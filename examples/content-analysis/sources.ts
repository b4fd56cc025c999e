import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file to be analysed, and what to call it: no two have the same name. */
export interface Source {
  readonly name: string;
  readonly path: string;
}

const texts = fileURLToPath(new URL('texts', import.meta.url));

/** The files that were asked for; without any, the texts beside this file. */
export async function findSources(asked: readonly string[]): Promise<readonly Source[]> {
  if (asked.length > 0) return nameSources(asked.map(fromWhereTheUserIs));
  const files = (await readdir(texts)).filter((file) => file.endsWith('.txt')).sort();
  return nameSources(files.map((file) => join(relative('', texts), file)));
}

/** Calls each file by its base name; by its path where two would clash; by a number where that is the same too. */
export function nameSources(paths: readonly string[]): readonly Source[] {
  const bearers = new Map<string, number>();
  for (const path of new Set(paths)) bearers.set(basename(path), (bearers.get(basename(path)) ?? 0) + 1);
  const taken = new Set<string>();
  return paths.map((path) => {
    const wanted = bearers.get(basename(path)) === 1 ? basename(path) : path;
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted} (${n})`;
    taken.add(name);
    return { name, path };
  });
}

/** `npm start` runs in the package's folder, but the user may stand in another. */
function fromWhereTheUserIs(path: string): string {
  const folder = process.env.INIT_CWD ?? process.cwd();
  return isAbsolute(path) || folder === process.cwd() ? path : join(folder, path);
}
