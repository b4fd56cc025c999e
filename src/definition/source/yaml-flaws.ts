import type { CST, YAMLError } from 'yaml';
import type { Reading } from './reading.ts';
import { insideOf } from './yaml-depth.ts';
import { layoutWords, tooFar, yamlWords } from './yaml-words.ts';

type Code = YAMLError['code'];

/** Flaws after which the rest of the file still means what it seems to. */
const harmless: ReadonlySet<Code> = new Set<Code>(['DUPLICATE_KEY', 'NON_STRING_KEY']);

/** Whether a text cannot be taken for what it seems to be, so that no other check of it is worth anything. */
export function isBroken(flaws: readonly YAMLError[]): boolean {
  return !flaws.every(({ code }) => harmless.has(code));
}

/** A flaw where it is seen, in words. */
interface Told {
  readonly code: Code;
  readonly start: number;
  readonly length: number;
  readonly line: number;
  readonly words: string;
  /** A bracket that closes another than the last one opened. */
  readonly mismatch: boolean;
}

/** Tells all that the parser found, without what only follows from something else. */
export function complain(flaws: readonly YAMLError[], tokens: readonly CST.Token[], reading: Reading): void {
  const quotes = openQuotes(tokens);
  const found = flaws
    .toSorted((a, b) => a.pos[0] - b.pos[0])
    .map((flaw) => toldOf(flaw, quotes, reading))
    // What is seen on one line is one flaw; a tab is what is wrong, wherever else the parser stumbles.
    .toSorted((a, b) => a.line - b.line || Number(isTab(b)) - Number(isTab(a)));
  const tabs = found.some(isTab);
  let before: Told | undefined;
  let inStream = false;
  for (const told of found) {
    const { start, length, words } = told;
    const follows = before !== undefined && isConsequence(told, before);
    const isStray = inStream && told.code === 'UNEXPECTED_TOKEN';
    const isLayout = tabs && !isTab(told) && layoutWords.has(words);
    if (!follows && !isStray && !isLayout) reading.add({ start, length }, words);
    inStream ||= told.mismatch && told.code === 'UNEXPECTED_TOKEN';
    // Of what is told on a line, the first decides what follows from it.
    if (told.line !== before?.line && !isCascade(told, before)) before = told;
  }
}

function isTab({ code }: Told): boolean {
  return code === 'TAB_AS_INDENT';
}

function isConsequence(told: Told, before: Told): boolean {
  if (isCascade(told, before)) return true;
  if (told.line === before.line) return !isMissing(before) || isMissing(told) || layoutWords.has(told.words);
  if (told.line > before.line + 1) return false;
  return (isTab(told) && isTab(before)) || (layoutWords.has(told.words) && layoutWords.has(before.words));
}

/** What is missing before the next line, where a bracket closes another than the last one opened. */
function isCascade(told: Told, before: Told | undefined): boolean {
  return before?.mismatch === true && isMissing(told);
}

function isMissing({ words }: Told): boolean {
  return words.endsWith('is missing before this');
}

/** A flaw at the first thing that can be seen there; a quote that is not closed, where it opens. */
function toldOf({ code, message, pos }: YAMLError, quotes: readonly number[], reading: Reading): Told {
  const { text } = reading.source;
  const unclosed = message.startsWith('Missing closing');
  const quote = unclosed ? quotes.findLast((offset) => offset < pos[0]) : undefined;
  const [from, to]: readonly [number, number] = quote === undefined ? pos : [quote, quote + 1];
  const blank = code === 'TAB_AS_INDENT' ? 0 : text.slice(from).search(/\S/);
  const start = from + Math.max(0, blank);
  const [rest = ''] = text.slice(start).split(/[\r\n]/, 1);
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const words = yamlWords(code, { rest, before, message });
  const seen = words === tooFar ? nextLine(text, start) : undefined;
  const { line = 1 } = reading.source.place(Math.min(start, text.length));
  return {
    code,
    start: seen?.start ?? start,
    length: seen?.length ?? Math.min(Math.max(1, to - start), rest.length),
    line,
    words,
    mismatch: /^[\]}]/.test(rest),
  };
}

/** What the next line that is not empty says. */
function nextLine(
  text: string,
  from: number,
): { readonly start: number; readonly length: number } | undefined {
  const end = text.slice(from).search(/[\r\n]/);
  const found = end < 0 ? null : /[^\s].*/.exec(text.slice(from + end));
  return found === null ? undefined : { start: from + end + found.index, length: found[0].trimEnd().length };
}

/** Where quotes open that are not closed. */
function openQuotes(tokens: readonly CST.Token[]): number[] {
  const found: number[] = [];
  const open = [...tokens];
  for (let token = open.pop(); token !== undefined; token = open.pop()) {
    if (token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar') {
      const { source, offset } = token;
      if (source.length === 1 || !source.endsWith(source.charAt(0))) found.push(offset);
    }
    for (const inner of insideOf(token)) open.push(inner);
  }
  return found.toSorted((a, b) => a - b);
}
