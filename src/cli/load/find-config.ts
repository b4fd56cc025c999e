import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

const names = ['tutti.config.ts', 'tutti.config.mts', 'tutti.config.js', 'tutti.config.mjs'];

/** The nearest `tutti.config.*`: in a folder, or in one above it, up to the top of the project. */
export async function findConfig(folder: string): Promise<string | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const files = await readdir(at).catch((): string[] => []);
    const found = names.find((name) => files.includes(name));
    if (found !== undefined) return join(at, found);
    if (files.includes('package.json') || files.includes('.git') || at === dirname(at)) return undefined;
  }
}
