/** Where a text stops being JSON, and why. */
export interface JsonFlaw {
  /** From 0, in UTF-16 code units. */
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

/** What may come next. */
type Awaited = 'value' | 'first item' | 'first name' | 'name' | 'colon' | 'more' | 'end';

const token =
  /(?<mark>[{}[\],:])|"[ !#-[\]-\u{10FFFF}]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\u{10FFFF}]*)*"|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/uy;
const openText = /"[ !#-[\]-\u{10FFFF}]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\u{10FFFF}]*)*/uy;
const space = /[ \t\n\r]*/y;
const word = /[\p{L}\p{N}_$.+-]+|./suy;

/** Finds the first thing that makes a text no JSON; engines say what it is in many ways, and not all of them where. */
export function jsonFlaw(text: string): JsonFlaw | undefined {
  const open: ('{' | '[')[] = [];
  let awaited: Awaited = 'value';
  let afterComma = false;
  for (let at = lengthOf(space, text, 0); ; at += lengthOf(space, text, at)) {
    const found = matchOf(token, text, at);
    const next = stateAfter(awaited, found, open);
    if (awaited === 'end' && at === text.length) return undefined;
    if (next === undefined) return flawAt(text, at, awaited, open.at(-1), afterComma);
    awaited = next;
    afterComma = found === ',';
    at += found.length;
  }
}

/** What may come after a token; `undefined` for one that may not come. Follows what is open. */
function stateAfter(awaited: Awaited, found: string, open: ('{' | '[')[]): Awaited | undefined {
  switch (awaited) {
    case 'end':
      return undefined;
    case 'colon':
      return found === ':' ? 'value' : undefined;
    case 'more':
      if (found !== ',') return afterCloser(found, open);
      return open.at(-1) === '{' ? 'name' : 'value';
    case 'first name':
      return found.startsWith('"') ? 'colon' : afterCloser(found, open);
    case 'name':
      return found.startsWith('"') ? 'colon' : undefined;
    case 'first item':
      return found === ']' ? afterCloser(found, open) : afterValue(found, open);
    case 'value':
      return afterValue(found, open);
  }
}

function afterCloser(found: string, open: ('{' | '[')[]): Awaited | undefined {
  if (found !== (open.at(-1) === '{' ? '}' : ']')) return undefined;
  open.pop();
  return open.length === 0 ? 'end' : 'more';
}

function afterValue(found: string, open: ('{' | '[')[]): Awaited | undefined {
  if (found === '{' || found === '[') {
    open.push(found);
    return found === '{' ? 'first name' : 'first item';
  }
  if (found === '' || /^[}\],:]/.test(found)) return undefined;
  return open.length === 0 ? 'end' : 'more';
}

function flawAt(
  text: string,
  at: number,
  awaited: Awaited,
  holder: '{' | '[' | undefined,
  afterComma: boolean,
): JsonFlaw {
  if (text[at] === '"' && awaited !== 'end' && awaited !== 'more' && awaited !== 'colon')
    return textFlaw(text, at);
  const found = matchOf(word, text, at);
  const isCloser = found === '}' || found === ']';
  const hint =
    afterComma && isCloser
      ? '; the comma before it is one too many'
      : awaited !== 'end' && /^['‘’“”\p{L}_$]/u.test(found)
        ? '; names and texts stand in double quotes'
        : '';
  const seen = found === '' ? 'the text ends' : `there is ${found}`;
  return {
    offset: at,
    length: found.length,
    message: `${nameOf(awaited, holder)} is expected, but ${seen}${hint}`,
  };
}

/** What is wrong with a text that begins with a quote. */
function textFlaw(text: string, start: number): JsonFlaw {
  const at = start + lengthOf(openText, text, start);
  if (at >= text.length) return { offset: start, length: 1, message: 'this quote is never closed' };
  if (text[at] === '\\') {
    const length = Math.min(2, text.length - at);
    return {
      offset: at,
      length,
      message: `${text.slice(at, at + 2)} means nothing; a backslash is written as \\\\`,
    };
  }
  if (text[at] === '\n' || text[at] === '\r')
    return {
      offset: start,
      length: at - start,
      message: 'this quote is not closed in its line; a line break is written as \\n',
    };
  return { offset: at, length: 1, message: 'this character stands in texts only as an escape, such as \\t' };
}

function nameOf(awaited: Awaited, holder: '{' | '[' | undefined): string {
  switch (awaited) {
    case 'value':
      return 'a value';
    case 'first item':
      return 'a value or ]';
    case 'first name':
      return 'a name in double quotes or }';
    case 'name':
      return 'a name in double quotes';
    case 'colon':
      return 'a colon';
    case 'more':
      return holder === '{' ? 'a comma or }' : 'a comma or ]';
    case 'end':
      return 'nothing more';
  }
}

function matchOf(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
  return matchOf(pattern, text, at).length;
}
