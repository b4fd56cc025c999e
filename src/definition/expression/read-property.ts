import { isUnsafeName } from '../unsafe-name.ts';

/** An own property of a record or a list; `undefined` for all else, so that nothing inherited is ever read. */
export function readProperty(holder: unknown, key: unknown): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined;
  if (typeof key !== 'string' && typeof key !== 'number') return undefined;
  if (isUnsafeName(String(key)) || !Object.hasOwn(holder, key)) return undefined;
  const value: unknown = Reflect.get(holder, key);
  return typeof value === 'function' ? undefined : value;
}

/** What a path leads to; `undefined` where it ends early. */
export function readPath(from: unknown, keys: readonly (string | number)[]): unknown {
  let value = from;
  for (const key of keys) {
    if (value === undefined) return undefined;
    value = readProperty(value, key);
  }
  return value;
}
