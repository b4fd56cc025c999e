import type { TextTask } from './tree.ts';

/** The task means: do again those tasks of the group that have failed. */
export function rerunOf({ agent, text }: TextTask): boolean {
  return agent === undefined && /^(?:retry|rerun) (?:the )?failed (?:ones|tasks|steps)$/i.test(text);
}
