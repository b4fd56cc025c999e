import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where this benchmark's own packages are. */
export const benchFolder = join(root, 'test/bench');

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** The version of a package, as it is measured. */
export function versionOf(name: string): string {
  const folder = name === 'tutti' ? root : folderOf(name, benchFolder);
  return folder === undefined ? 'not installed' : manifestIn(folder).version;
}

/** The folder of a package, found as Node finds it. */
export function folderOf(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The bytes of packages on disk with all that they depend on, each counted once; peers are not counted. */
export function installedBytes(folders: readonly string[], seen = new Set<string>()): number {
  let bytes = 0;
  for (const folder of folders) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    bytes += bytesIn(folder) + installedBytes(dependenciesOf(folder), seen);
  }
  return bytes;
}

/** The folders of what a package depends on. */
export function dependenciesOf(folder: string): string[] {
  const names = Object.keys(manifestIn(folder).dependencies ?? {});
  return names.flatMap((name) => folderOf(name, folder) ?? []);
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .map((entry) => join(folder, entry.name))
    .reduce((bytes, path) => bytes + (statSync(path).isDirectory() ? bytesIn(path) : statSync(path).size), 0);
}
