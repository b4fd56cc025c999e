import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The top of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

interface Finished {
  readonly code: number | string | null;
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** Runs a TypeScript file of this repository in a process of its own, and waits for its end. */
export function runFile(
  file: string,
  args: readonly string[] = [],
  nodeOptions: readonly string[] = [],
): Promise<Finished> {
  const { INIT_CWD: _, ...env } = process.env;
  return new Promise((resolve) => {
    const command = ['--import', 'tsx', ...nodeOptions, file, ...args];
    execFile(process.execPath, command, { cwd: root, env, timeout: 100_000 }, (error, stdout, stderr) =>
      resolve({
        code: error === null ? 0 : (error.code ?? error.signal ?? null),
        lines: toLines(stdout),
        stderr,
      }),
    );
  });
}

function toLines(text: string): string[] {
  return text.trimEnd().split('\n');
}
