import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  Parser,
} from 'yaml';
import { isUnsafeName } from '../unsafe-name.ts';
import type { Located, LocatedEntry, Span } from './located.ts';
import type { Reading } from './reading.ts';
import { tooDeepAt } from './yaml-depth.ts';
import { complain, isBroken } from './yaml-flaws.ts';

const options = {
  version: '1.2',
  schema: 'core',
  merge: false,
  uniqueKeys: true,
  strict: true,
  stringKeys: true,
  prettyErrors: false,
} as const;

/** Reads YAML 1.2, without aliases, tags of its own and several documents in one. */
export function readYaml(reading: Reading): Located | undefined {
  const tokens = [...new Parser().parse(reading.source.text)];
  const deep = tooDeepAt(tokens);
  if (deep !== undefined) {
    reading.add({ start: deep, length: 1 }, 'lists and records nest too deeply');
    return undefined;
  }
  const [document, another] = compose(tokens);
  if (document === undefined) return { kind: 'scalar', span: { start: 0, length: 0 }, value: null };
  const flaws = [...document.errors, ...document.warnings];
  complain(flaws, tokens, reading);
  if (isBroken(flaws)) return undefined;
  if (another !== undefined)
    reading.add(spanOf(another.range), 'a file holds one workflow; --- begins another document');
  return document.contents === null
    ? { kind: 'scalar', span: { start: 0, length: 0 }, value: null }
    : locate(document.contents as ParsedNode, reading);
}

function compose(tokens: readonly CST.Token[]): Document.Parsed[] {
  return [...new Composer(options).compose(tokens)] as Document.Parsed[];
}

function locate(node: ParsedNode, reading: Reading): Located {
  const span = spanOf(node.range);
  // The parser has told of a name that is none; what would be worth comparing is not known.
  if (isMap(node) && !node.items.every(({ key }) => isScalar(key)))
    return { kind: 'scalar', span, value: undefined };
  if (isMap(node)) return { kind: 'record', span, entries: entriesOf(node, reading) };
  if (isSeq(node))
    return { kind: 'list', span, items: node.items.map((item) => locate(item as ParsedNode, reading)) };
  if (isAlias(node)) reading.add(span, 'aliases are not taken; write it again, or use defaults');
  if (!isScalar(node)) return { kind: 'scalar', span, value: null };
  return { kind: 'scalar', span, value: node.value, raw: node.source };
}

function entriesOf(map: ParsedNode & { items: readonly unknown[] }, reading: Reading): LocatedEntry[] {
  const entries: LocatedEntry[] = [];
  const names = new Set<string>();
  for (const { key, value } of map.items as readonly { key: ParsedNode; value: ParsedNode | null }[]) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    if (names.has(name)) continue; // the parser has told of it
    names.add(name);
    const keySpan = spanOf(key.range);
    if (isUnsafeName(name)) reading.add(keySpan, `nothing can be called ${name}`);
    else
      entries.push({
        key: name,
        keySpan,
        value: value === null ? { kind: 'scalar', span: keySpan, value: null } : locate(value, reading),
      });
  }
  return entries;
}

function spanOf([start, end]: readonly [number, number, number]): Span {
  return { start, length: end - start };
}
