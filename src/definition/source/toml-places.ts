import type { PathKey } from '../expression/tree.ts';
import type { Span } from './located.ts';

/** Where a key of a TOML text is, and its value as far as it stands on the same line. */
export interface TomlPlace {
  readonly key: Span;
  readonly value: Span;
}

const name = String.raw`(?:[\w-]+|"[^"\n]*"|'[^'\n]*')`;
const dotted = String.raw`${name}(?:[ \t]*\.[ \t]*${name})*`;
const header = new RegExp(String.raw`^[ \t]*\[(\[?)[ \t]*(${dotted})[ \t]*\]`);
const assignment = new RegExp(String.raw`^[ \t]*(${dotted})[ \t]*=[ \t]*`);

/** Finds the keys of a TOML text that has been parsed: its parser tells places only of errors. */
export function tomlPlaces(text: string): ReadonlyMap<string, TomlPlace> {
  const places = new Map<string, TomlPlace>();
  const counts = new Map<string, number>();
  let table: readonly PathKey[] = [];
  let closing = '';
  let start = 0;
  for (const line of text.split('\n')) {
    if (closing !== '') {
      if (line.includes(closing)) closing = '';
    } else {
      table =
        tableOf(line, counts, (path, span) => places.set(keyOf(path), { key: span, value: span }), start) ??
        table;
      const found = assignment.exec(line);
      if (found !== null) {
        const keys = found[1] as string;
        const value = line.slice(found[0].length).replace(/\s+$/, '');
        places.set(keyOf([...table, ...partsOf(keys)]), {
          key: { start: start + line.indexOf(keys), length: keys.length },
          value: { start: start + found[0].length, length: value.length },
        });
        closing = /^("""|''')(?!.*\1)/.exec(value)?.[1] ?? '';
      }
    }
    start += line.length + 1;
  }
  return places;
}

/** One text for a path. */
export function keyOf(path: readonly PathKey[]): string {
  return JSON.stringify(path.map(String));
}

/** The table that a line opens; of `[[steps]]`, the next of the list. */
function tableOf(
  line: string,
  counts: Map<string, number>,
  found: (path: readonly PathKey[], span: Span) => void,
  start: number,
): readonly PathKey[] | undefined {
  const match = header.exec(line);
  if (match === null) return undefined;
  const path: PathKey[] = [];
  const parts = partsOf(match[2] as string);
  for (const [i, part] of parts.entries()) {
    path.push(part);
    const count = counts.get(keyOf(path));
    const opensItem = i === parts.length - 1 && match[1] === '[';
    if (opensItem) counts.set(keyOf(path), (count ?? -1) + 1);
    const index = counts.get(keyOf(path));
    if (index !== undefined) path.push(index);
  }
  found(path, { start: start + line.indexOf('['), length: match[0].trimStart().length });
  return path;
}

function partsOf(keys: string): string[] {
  return Array.from(keys.matchAll(new RegExp(name, 'g')), ([part]) => part.replace(/^["']|["']$/g, ''));
}
