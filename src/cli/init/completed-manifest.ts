import { readFile } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

type Names = Readonly<Record<string, string>>;

/** What a project's `package.json` says. */
export interface Manifest {
  readonly scripts: Names;
  readonly dependencies: Names;
  readonly devDependencies: Names;
}

/** A `package.json` to be written. */
export interface CompletedManifest {
  readonly content: string;
  readonly isNew: boolean;
  /** The scripts that it had before. */
  readonly kept: readonly string[];
}

/** A manifest, or where the file is there, that with what it lacks to run: what it says itself stays. Errors: {@link UsageError}. */
export async function completedManifest(file: string, manifest: Manifest): Promise<CompletedManifest> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { content: written(manifest), isNew: true, kept: [] };
  const own = parse(text, file);
  const { scripts = {}, dependencies = {}, devDependencies = {} } = own;
  const content = written({
    ...own,
    scripts: { ...manifest.scripts, ...scripts },
    dependencies: { ...without(manifest.dependencies, devDependencies), ...dependencies },
    devDependencies: { ...without(manifest.devDependencies, dependencies), ...devDependencies },
  });
  return { content, isNew: false, kept: Object.keys(scripts) };
}

function parse(text: string, file: string): Partial<Manifest> {
  try {
    const own: unknown = JSON.parse(text);
    if (typeof own === 'object' && own !== null && !Array.isArray(own)) return own;
  } catch {
    // Said below
  }
  throw new UsageError(`${file} is there, but holds no JSON record: repair it, or choose another folder`);
}

function without(names: Names, others: Names): Names {
  return Object.fromEntries(Object.entries(names).filter(([name]) => others[name] === undefined));
}

function written(manifest: Partial<Manifest>): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
