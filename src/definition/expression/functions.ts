import { isEqual } from './equal.ts';
import { isMatch } from './pattern.ts';
import type { FunctionName } from './tree.ts';

/** What each function makes of its arguments; `undefined` for arguments that mean nothing to it. */
export const functions: Readonly<Record<FunctionName, (a: unknown, b: unknown) => unknown>> = {
  len: (a) => {
    if (typeof a === 'string') return [...a].length;
    if (Array.isArray(a)) return a.length;
    return typeof a === 'object' && a !== null ? Object.keys(a).length : undefined;
  },
  contains: (a, b) => isIn(b, a),
  startsWith: texts((a, b) => a.startsWith(b)),
  endsWith: texts((a, b) => a.endsWith(b)),
  lower: (a) => (typeof a === 'string' ? a.toLowerCase() : undefined),
  upper: (a) => (typeof a === 'string' ? a.toUpperCase() : undefined),
  matches: texts(isMatch),
  exists: (a) => a !== undefined,
  default: (a, b) => (a === undefined || a === null ? b : a),
};

/** Whether a text has a part, a list an item, a record a name. */
export function isIn(part: unknown, whole: unknown): boolean | undefined {
  if (part === undefined) return undefined;
  if (typeof whole === 'string') return typeof part === 'string' ? whole.includes(part) : undefined;
  if (Array.isArray(whole)) return whole.some((item) => isEqual(item, part));
  if (typeof whole === 'object' && whole !== null)
    return typeof part === 'string' ? Object.hasOwn(whole, part) : undefined;
  return undefined;
}

function texts(f: (a: string, b: string) => unknown): (a: unknown, b: unknown) => unknown {
  return (a, b) => (typeof a === 'string' && typeof b === 'string' ? f(a, b) : undefined);
}
