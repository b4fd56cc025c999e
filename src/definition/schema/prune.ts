import type { z } from 'zod';
import type { PathKey } from '../expression/tree.ts';

/** Stands where a step does not say what it uses; that has been told. */
export const unsaid = '?';

/**
 * The data without the fields that a schema refuses, so that the rest can be checked as well. A step that lacks its id or its
 * skill gets one that nobody can have.
 */
export function prune(data: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy = structuredClone(data);
  for (const issue of issues) {
    const path = issue.path as PathKey[];
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) remove(copy, [...path, key]);
    else remove(copy, path);
  }
  fill(copy);
  return copy;
}

function fill(data: unknown): void {
  const steps: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'steps') : undefined;
  if (!Array.isArray(steps)) return;
  for (const [i, step] of steps.entries()) {
    const fields: object = typeof step === 'object' && step !== null && !Array.isArray(step) ? step : {};
    // So long that it is like no name that anybody gives, and is never suggested for one.
    steps[i] = { id: `${unsaid.repeat(20)}${i}`, uses: unsaid, ...fields };
  }
}

/** Items of lists stay, so that those behind them keep their positions. */
function remove(data: unknown, path: readonly PathKey[]): void {
  let holder = data;
  for (const key of path.slice(0, -1)) {
    if (typeof holder !== 'object' || holder === null) return;
    holder = Reflect.get(holder, key);
  }
  const key = path.at(-1);
  if (typeof key === 'string' && typeof holder === 'object' && holder !== null)
    Reflect.deleteProperty(holder, key);
}
