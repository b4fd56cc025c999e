import { DefinitionError } from './errors.ts';

const reserved = /[%/[\]#~!]/;
const reservedAll = /[%/[\]#~!]/g;

/** Refuses a name that could not be told from the marks of a path. */
export function checkId(id: string, what: string): string {
  if (typeof id !== 'string' || id === '')
    throw new DefinitionError(
      `${what} needs a name, which is a text that is not empty, but it is ${JSON.stringify(id) ?? String(id)}`,
    );
  const mark = reserved.exec(id)?.[0];
  if (mark !== undefined)
    throw new DefinitionError(`${what} ${JSON.stringify(id)} must not contain "${mark}"`);
  return id;
}

/** Percent-encodes the marks of a path in a key: `a/b` becomes `a%2Fb`. */
export function encodeKey(key: string): string {
  return reserved.test(key)
    ? key.replace(reservedAll, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    : key;
}

/** The keys of map items in a path, outermost first: `/mapEach/file[a%2Fb]/read` has `a/b`. */
export function keysOf(path: string): string[] {
  return Array.from(path.matchAll(/\[([^\]]*)\]/g), ([, key = '']) => decodeURIComponent(key));
}

/** The path segments of siblings by their names: a repeated name gets `~2`, `~3` by position. */
export function segmentsOf(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    if (name === '') return '';
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? `/${name}` : `/${name}~${count}`;
  });
}
