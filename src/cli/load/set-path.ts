import { isUnsafeName } from '../../definition/unsafe-name.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Puts a value into an input, as `--set user.name=Ada` says; the value is JSON, or else text.
 *
 * Errors: {@link UsageError}.
 *
 * @returns a copy
 */
export function setPath(input: unknown, set: string): unknown {
  const at = set.indexOf('=');
  if (at < 1) throw new UsageError(`--set ${set}: write it as name=value or outer.inner=value`);
  const keys = set.slice(0, at).split('.');
  const bad = keys.find((key) => key === '' || isUnsafeName(key));
  if (bad !== undefined) throw new UsageError(`--set ${set}: ${JSON.stringify(bad)} cannot be set`);
  return put(input, keys, jsonOrText(set.slice(at + 1)), set);
}

function put(into: unknown, [key, ...rest]: readonly string[], value: unknown, set: string): unknown {
  if (key === undefined) return value;
  if (Array.isArray(into)) {
    const index = Number(key);
    if (!/^\d+$/.test(key) || index > into.length)
      throw new UsageError(`--set ${set}: ${key} is not a position from 0 to ${into.length} in a list`);
    const list = [...into];
    list[index] = put(into[index], rest, value, set);
    return list;
  }
  if (into !== undefined && (typeof into !== 'object' || into === null))
    throw new UsageError(`--set ${set}: there is ${JSON.stringify(into)}, in which ${key} cannot be set`);
  const record: Readonly<Record<string, unknown>> = { ...into };
  return { ...record, [key]: put(Object.hasOwn(record, key) ? record[key] : undefined, rest, value, set) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
