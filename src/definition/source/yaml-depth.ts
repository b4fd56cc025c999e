import type { CST } from 'yaml';
import { maxFileDepth } from './limits.ts';

/**
 * Where a YAML text nests too deeply, if anywhere. It is looked for before the text is put together, which takes room on the
 * stack for every level, and can end the process.
 */
export function tooDeepAt(tokens: readonly CST.Token[]): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = tokens.map((token) => ({
    token,
    depth: 0,
  }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > maxFileDepth + 1) return 'offset' in token ? token.offset : 0;
    for (const inner of insideOf(token)) open.push({ token: inner, depth: depth + 1 });
  }
  return undefined;
}

/** The parts of a part of a text. */
export function insideOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((part) => part != null));
}
