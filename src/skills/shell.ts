import { execFile } from 'node:child_process';
import { z } from 'zod';
import { StepFailedError } from '../core/errors.ts';
import { step } from '../core/step.ts';
import type { Step } from '../core/step-types.ts';

export interface ShellOptions {
  /** The programs that may be run, by exactly these names. */
  readonly allow: readonly string[];
  /** The folder to run them in; default the process'. */
  readonly cwd?: string;
  /** The longest output, in bytes; default 10 MB. */
  readonly maxBytes?: number;
}

const input = z.object({
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  stdin: z.string().optional(),
});
const output = z.object({ stdout: z.string(), stderr: z.string() });

/**
 * Makes a skill that runs programs of a list, each with its arguments as they are: no shell reads them.
 *
 * Errors: `StepFailedError` for a program that is not on the list, cannot be started, or ends with another status than 0.
 *
 * Unsubscribing ends the program.
 *
 * @param options `allow`, `cwd`, `maxBytes`
 */
export function shell(options: ShellOptions): Step<z.input<typeof input>, z.output<typeof output>> {
  const { allow, cwd, maxBytes: maxBuffer = 10_000_000 } = options;
  return step({
    id: 'shell',
    input,
    output,
    run({ command, args, stdin }, { signal }): Promise<z.output<typeof output>> {
      if (!allow.includes(command))
        throw new StepFailedError(`${command} is not among the programs that may be run`);
      return new Promise((resolve, reject) => {
        const child = execFile(
          command,
          args,
          { signal, maxBuffer, shell: false, ...(cwd && { cwd }) },
          (error, stdout, stderr) => {
            if (error === null) resolve({ stdout, stderr });
            else
              reject(
                new StepFailedError(`${command}: ${stderr.trim().slice(0, 500) || error.message}`, {
                  cause: error,
                }),
              );
          },
        );
        child.stdin?.on('error', () => {});
        child.stdin?.end(stdin);
      });
    },
  });
}
