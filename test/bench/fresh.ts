import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** Runs one of the benchmark's scripts in a fresh process, and gives the JSON that it prints. */
export async function fresh<T>(
  script: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<T> {
  const path = fileURLToPath(new URL(`./${script}`, import.meta.url));
  const { stdout } = await exec(process.execPath, ['--no-warnings', ...flags, path, ...args]);
  return JSON.parse(stdout);
}

/** What went wrong in a process, in a line. */
export function reasonOf(error: unknown): string {
  const text =
    typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : String(error);
  return text.split('\n').find((line) => /Error/.test(line)) ?? text.slice(0, 200);
}
