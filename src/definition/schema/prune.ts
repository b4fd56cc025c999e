import type { z } from 'zod';
import type { PathKey } from '../expression/tree.ts';

/** The data without the fields that a schema refuses, so that the rest can be checked as well. */
export function prune(data: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy = structuredClone(data);
  for (const issue of issues) {
    const path = issue.path as PathKey[];
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) remove(copy, [...path, key]);
    else remove(copy, path);
  }
  return copy;
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
