import type { PathKey } from '../expression/tree.ts';

/** A part of a text: where it begins, from 0, and how long it is. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

/** Data that was read from a text, with the place of each part. */
export type Located = LocatedScalar | LocatedList | LocatedRecord;

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: unknown;
  /** As it is written, where that is more than its value: `1.0`. */
  readonly raw?: string | undefined;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Located[];
}

export interface LocatedRecord {
  readonly kind: 'record';
  readonly span: Span;
  readonly entries: readonly LocatedEntry[];
}

export interface LocatedEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Located;
}

/** The plain data. */
export function dataOf(located: Located): unknown {
  switch (located.kind) {
    case 'scalar':
      return located.value;
    case 'list':
      return located.items.map(dataOf);
    case 'record':
      return Object.fromEntries(located.entries.map(({ key, value }) => [key, dataOf(value)]));
  }
}

/** The entry of a record. */
function entryOf(located: Located | undefined, key: PathKey): LocatedEntry | undefined {
  return located?.kind === 'record' ? located.entries.find((entry) => entry.key === key) : undefined;
}

/** The part a path leads to, or the last one on the way that there is. */
export function partAt(located: Located, path: readonly PathKey[]): Located {
  let at = located;
  for (const key of path) {
    const next = at.kind === 'list' ? at.items[Number(key)] : entryOf(at, key)?.value;
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

/** Where the key is that a path ends with; without it, where its value is. */
export function keySpanAt(located: Located, path: readonly PathKey[]): Span {
  const key = path.at(-1);
  const entry = key === undefined ? undefined : entryOf(partAt(located, path.slice(0, -1)), key);
  return entry?.keySpan ?? partAt(located, path).span;
}
