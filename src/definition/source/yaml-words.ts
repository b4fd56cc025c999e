import type { YAMLError } from 'yaml';

type Code = YAMLError['code'];

/** What is wrong where a line does not stand under those that it belongs with. */
const misplaced = 'this line is indented differently from those that it belongs with';
export const tooFar = 'this line is indented too far';
const noColon = 'a name needs a colon and a space after it';
const quotesNeeded = 'a text with a colon and a space in it needs quotes around it';
const nothingClosed = 'there is nothing open that this closes';

/** What is said of how lines stand to each other: what follows in the next lines is mostly its consequence. */
export const layoutWords: ReadonlySet<string> = new Set([misplaced, tooFar, noColon]);

/** What stands around a flaw: the rest of its line, what is before it there, and what the parser says. */
export interface FlawContext {
  readonly rest: string;
  readonly before: string;
  readonly message: string;
}

type Words = string | ((context: FlawContext) => string | undefined);

const words: Partial<Record<Code, Words>> = {
  DUPLICATE_KEY: 'this name stands here twice',
  TAB_AS_INDENT: 'a line cannot be indented with a tab; use spaces',
  TAG_RESOLVE_FAILED: 'a text that begins with ! needs quotes around it; tags are not taken',
  BAD_SCALAR_START: ({ rest }) => `a text that begins with ${rest.charAt(0)} needs quotes around it`,
  BAD_DQ_ESCAPE: ({ rest }) =>
    `${rest.slice(0, 2)} means nothing in double quotes; a backslash is written \\\\ there, or put the text in single quotes`,
  BAD_DIRECTIVE: 'a line that begins with % means nothing here; leave it out',
  MULTILINE_IMPLICIT_KEY: ({ before }) =>
    /[:{,[]\s/.test(before) ? 'a comma is missing after this' : noColon,
  BLOCK_IN_FLOW:
    'between { and } or [ and ], there are commas between the parts, and no lines that begin with -',
  MISSING_CHAR: ({ message }) => {
    if (message.startsWith('Missing closing')) return 'this quote is not closed';
    if (message.startsWith('Sequence item without -')) return misplaced;
    return message.startsWith('Implicit map keys') ? noColon : undefined;
  },
  BAD_INDENT: ({ message }) => {
    const end = / end with a (.)$/.exec(message)?.[1];
    return end === undefined ? misplaced : `${end} is missing before this`;
  },
  BLOCK_AS_IMPLICIT_KEY: ({ rest }) => {
    if (rest.startsWith('- ')) return misplaced;
    return /:(\s|$)/.test(rest) ? quotesNeeded : tooFar;
  },
  NON_STRING_KEY: ({ rest }) =>
    rest.startsWith('{') ? 'a text that begins with {{ needs quotes around it' : 'a name must be a text',
  UNEXPECTED_TOKEN: ({ rest, before, message }) => {
    if (message.startsWith('Block scalar header')) return 'after | or >, the text begins on the next line';
    if (message.includes('block-seq-ind')) return misplaced;
    if (/^[\]}]/.test(rest)) return nothingClosed;
    return /["']\s*$/.test(before)
      ? 'the value ended with the quote before this; put quotes around all of it'
      : 'this cannot stand here; a text with such signs in it needs quotes around it';
  },
};

/** What is wrong, in words that tell what to change, as far as there are any better than the parser's own. */
export function yamlWords(code: Code, context: FlawContext): string {
  const own = words[code];
  const said = typeof own === 'function' ? own(context) : own;
  return said ?? context.message.replace(/^./, (first) => first.toLowerCase());
}
