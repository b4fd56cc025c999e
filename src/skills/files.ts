import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { StepFailedError } from '../core/errors.ts';
import { step } from '../core/step.ts';
import type { Step } from '../core/step-types.ts';
import { confinedPath } from './confined-path.ts';

export interface FileOptions {
  /** The folder that files must be in. */
  readonly root: string;
  /** The longest file to read, in bytes; default 10 MB. */
  readonly maxBytes?: number;
}

// Windows has no links to follow so, and nothing that would be waited for
const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY, O_TRUNC, O_WRONLY } = constants;

const path = z.string().min(1);
const readInput = z.object({ path, encoding: z.enum(['utf8', 'base64']).default('utf8') });
const writeInput = z.object({ path, text: z.string(), append: z.boolean().default(false) });

/**
 * Makes a skill that reads a text file of a folder.
 *
 * Errors: `ForbiddenPathError` for a path that leads out of the folder, also by a symbolic link; what the system says of a file
 * that cannot be read; `StepFailedError` for what is no file, such as a folder or a pipe, and for one that is too long.
 *
 * @param options `root`, `maxBytes`
 */
export function fileRead(
  options: FileOptions,
): Step<z.input<typeof readInput>, { path: string; text: string }> {
  const { root, maxBytes = 10_000_000 } = options;
  return step({
    id: 'file.read',
    input: readInput,
    output: z.object({ path, text: z.string() }),
    async run({ path, encoding }) {
      const file = await open(await confinedPath(root, path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        const found = await file.stat();
        if (!found.isFile()) throw new StepFailedError(`${path} is not a file`);
        if (found.size > maxBytes) throw new StepFailedError(`${path} is longer than ${maxBytes} bytes`);
        return { path, text: await file.readFile(encoding) };
      } finally {
        await file.close();
      }
    },
  });
}

/**
 * Makes a skill that writes a text file into a folder, with the folders on its way.
 *
 * Errors: as of {@link fileRead}.
 *
 * @param options `root`
 */
export function fileWrite(
  options: FileOptions,
): Step<z.input<typeof writeInput>, { path: string; bytes: number }> {
  const { root } = options;
  return step({
    id: 'file.write',
    input: writeInput,
    output: z.object({ path, bytes: z.int() }),
    async run({ path, text, append }) {
      const target = await confinedPath(root, path);
      await mkdir(dirname(target), { recursive: true });
      const file = await open(target, O_WRONLY | O_CREAT | O_NOFOLLOW | (append ? O_APPEND : O_TRUNC), 0o644);
      try {
        await file.writeFile(text);
        return { path, bytes: Buffer.byteLength(text) };
      } finally {
        await file.close();
      }
    },
  });
}
