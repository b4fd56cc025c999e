import type { Flaw } from '../expression/flaw.ts';
import { parseExpression } from '../expression/parse-expression.ts';
import { type Expression, functionNames, type PathKey } from '../expression/tree.ts';
import { isUnsafeName } from '../unsafe-name.ts';
import type { Mapping, TemplatePart } from './tree.ts';

/** How deep lists and records may nest. */
const maxDepth = 50;

/** A flaw, and in which part of the mapping it is. */
export interface MappingFlaw {
  readonly path: readonly PathKey[];
  readonly flaw: Flaw;
  /** It is in the name of the part, and not in its value. */
  readonly inKey?: boolean;
}

/**
 * Reads what a step's input is made of: texts that begin with `$.` are paths, `{{ }}` in a text holds an expression, lists and
 * records hold mappings, and all else stands for itself.
 */
export function parseMapping(given: unknown): { mapping: Mapping; flaws: readonly MappingFlaw[] } {
  const flaws: MappingFlaw[] = [];
  const mapping = read(given, [], flaws);
  return { mapping, flaws };
}

const nothing: Mapping = { kind: 'literal', value: undefined };

function read(given: unknown, path: readonly PathKey[], flaws: MappingFlaw[]): Mapping {
  if (typeof given === 'string') return readText(given, path, flaws);
  if (typeof given !== 'object' || given === null || given instanceof Date)
    return { kind: 'literal', value: given };
  if (path.length >= maxDepth) {
    flaws.push({ path, flaw: whole(`a mapping is at most ${maxDepth} deep`, '') });
    return nothing;
  }
  if (Array.isArray(given))
    return { kind: 'list', items: given.map((item, i) => read(item, [...path, i], flaws)) };
  const entries = Object.entries(given).map(([key, value]): [string, Mapping] => {
    const place = [...path, key];
    if (isUnsafeName(key))
      flaws.push({ path: place, inKey: true, flaw: whole(`nothing can be called ${key}`, key) });
    return [key, read(value, place, flaws)];
  });
  return { kind: 'record', entries };
}

function readText(text: string, path: readonly PathKey[], flaws: MappingFlaw[]): Mapping {
  if (/^\s*\$[.[]/.test(text)) {
    const expression = readPart(text, 0, path, flaws);
    if (expression === undefined) return nothing;
    if (expression.kind !== 'path' && expression.kind !== 'member') {
      flaws.push({ path, flaw: whole('only a path can begin with $.', text, `{{ ${text.trim()} }}`) });
      return nothing;
    }
    return { kind: 'value', expression, source: text, at: 0 };
  }
  if (text.includes('{{')) return readTemplate(text, path, flaws);
  const single = almostTemplate.exec(text);
  if (single !== null) {
    const message = 'this is a text and no expression: an expression stands in {{ }}';
    flaws.push({ path, flaw: whole(message, text, `{{ ${single[1]} }}`) });
    return nothing;
  }
  const meant = almostPath.exec(text)?.[1];
  if (meant !== undefined)
    flaws.push({ path, flaw: whole('this is a text and no path: paths begin with $.', text, `$.${meant}`) });
  return { kind: 'literal', value: text };
}

/** What nobody means as a text: an expression between single braces, which reads something or calls a function. */
const almostTemplate = new RegExp(
  `^\\s*\\$?\\{\\s*((?:\\$[.[]|(?:${functionNames.join('|')})\\().*?)\\s*\\}\\s*$`,
  's',
);

/** What nobody means as a text: a path without its beginning, or with a part of it. */
const almostPath =
  /^\s*(?:\$(?=input\b|steps\b)|(?=steps\.[\w-]+\.output\b))((?:input|steps)(?:[.[][^\s]*)?)\s*$/;

/** What is said of an expression as other systems write it. */
export const noDollar = 'there is no $ before {{';

function readTemplate(text: string, path: readonly PathKey[], flaws: MappingFlaw[]): Mapping {
  const parts: TemplatePart[] = [];
  const foreign = text.indexOf('${{');
  if (foreign >= 0) {
    flaws.push({ path, flaw: { message: noDollar, at: foreign, length: 3, suggestion: '{{' } });
    return nothing;
  }
  let from = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', from)) {
    if (open > from) parts.push(text.slice(from, open));
    const end = endOf(text, open + 2);
    if (end < 0) {
      flaws.push({ path, flaw: { message: '{{ is not closed by }}', at: open, length: 2 } });
      return nothing;
    }
    const source = text.slice(open + 2, end);
    const expression = readPart(source, open + 2, path, flaws);
    if (expression === undefined) return nothing;
    parts.push({ expression, source, at: open + 2 });
    from = end + 2;
  }
  if (from < text.length) parts.push(text.slice(from));
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && typeof only !== 'string') return { kind: 'value', ...only };
  return { kind: 'template', parts };
}

/** Where the `}}` is, which may not be one in quotes. */
function endOf(text: string, from: number): number {
  let quote = '';
  for (let i = from; i < text.length; i++) {
    const character = text[i] as string;
    if (quote !== '') {
      if (character === '\\') i++;
      else if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (text.startsWith('}}', i)) return i;
  }
  return -1;
}

function readPart(
  source: string,
  from: number,
  path: readonly PathKey[],
  flaws: MappingFlaw[],
): Expression | undefined {
  const { expression, flaw } = parseExpression(source);
  if (flaw !== undefined) flaws.push({ path, flaw: { ...flaw, at: flaw.at + from } });
  return expression;
}

function whole(message: string, text: string, suggestion?: string): Flaw {
  return { message, at: 0, length: text.length, suggestion };
}
