import type { SkillRegistry } from '../definition/registry/skill-registry.ts';
import { fileRead, fileWrite } from './files.ts';
import { type HttpRequestOptions, httpRequest } from './http-request.ts';
import { type ShellOptions, shell } from './shell.ts';
import { logSkill, sleepSkill, transformSkill } from './small-skills.ts';
import { approvalSkill, waitForSkill } from './wait-skills.ts';

/** Which skills there are to be, and what they may do. */
export interface BuiltInOptions {
  /** Of `http.request`; `false` for none. */
  readonly http?: HttpRequestOptions | false;
  /** The folder of `file.read` and `file.write`; without it, there are none. */
  readonly root?: string;
  /** Of `shell`; without it, there is none. */
  readonly shell?: ShellOptions;
}

/**
 * Registers the skills that come with Tutti: `transform`, `log`, `sleep`, `approval`, `wait_for`, `http.request`, and, where they
 * are given a folder or a list of programs, `file.read`, `file.write` and `shell`.
 *
 * ```ts
 * import { SkillRegistry } from 'tutti/definition';
 * import { registerBuiltIns } from 'tutti/skills';
 *
 * const registry = registerBuiltIns(new SkillRegistry(), { root: './data' });
 * ```
 *
 * @param options `http`, `root`, `shell`
 * @returns the registry
 */
export function registerBuiltIns(registry: SkillRegistry, options: BuiltInOptions = {}): SkillRegistry {
  const { http = {}, root, shell: programs } = options;
  registry
    .register(transformSkill, { description: 'Gives what its input is made of.' })
    .register(logSkill, { description: 'Tells a message.' })
    .register(sleepSkill, { description: 'Waits.' })
    .register(approvalSkill, { description: 'Waits until somebody says yes; fails on a no.' })
    .register(waitForSkill, { description: 'Waits for a signal, and gives what it brings.' });
  if (http !== false) registry.register(httpRequest(http), { description: 'Makes an HTTP request.' });
  if (root !== undefined)
    registry
      .register(fileRead({ root }), { description: 'Reads a text file.' })
      .register(fileWrite({ root }), { description: 'Writes a text file.' });
  if (programs !== undefined) registry.register(shell(programs), { description: 'Runs a program.' });
  return registry;
}
