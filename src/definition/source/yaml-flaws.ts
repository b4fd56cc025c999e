import type { YAMLError } from 'yaml';
import type { Reading } from './reading.ts';

type Code = YAMLError['code'];

/** Flaws after which the rest of the file still means what it seems to. */
const harmless: ReadonlySet<Code> = new Set<Code>(['DUPLICATE_KEY', 'NON_STRING_KEY']);

/**
 * The one flaw that is worth telling where a text is not YAML: what comes after it, in the text and in all other checks, is
 * mostly its consequence. A tab is what is wrong, wherever the parser stumbles first.
 */
export function mainFlaw(flaws: readonly YAMLError[]): YAMLError | undefined {
  if (flaws.every(({ code }) => harmless.has(code))) return undefined;
  const inOrder = flaws.toSorted((a, b) => a.pos[0] - b.pos[0]);
  return (
    inOrder.find(({ code }) => code === 'TAB_AS_INDENT') ??
    inOrder.find(({ code }) => code !== 'DUPLICATE_KEY')
  );
}

const misplaced = 'this line is indented differently from those that it belongs with';

type Words = string | ((rest: string, message: string) => string | undefined);

/** What the parser says, in our words where its own would not help. */
const words: Partial<Record<Code, Words>> = {
  DUPLICATE_KEY: 'this name stands here twice',
  TAB_AS_INDENT: 'a line cannot be indented with a tab; use spaces',
  TAG_RESOLVE_FAILED: 'a text that begins with ! needs quotes around it; tags are not taken',
  MULTILINE_IMPLICIT_KEY: 'a name needs a colon and a space after it',
  MISSING_CHAR: (_, message) => (message.startsWith('Sequence item without -') ? misplaced : undefined),
  BAD_INDENT: (_, message) => {
    const end = / end with a (.)$/.exec(message)?.[1];
    return end === undefined ? misplaced : `${end} is missing before this`;
  },
  BLOCK_AS_IMPLICIT_KEY: (rest) => {
    if (rest.startsWith('- ')) return misplaced;
    return /:(\s|$)/.test(rest)
      ? 'a text with a colon and a space in it needs quotes around it'
      : 'the line after this one is indented too far';
  },
  NON_STRING_KEY: (rest) =>
    rest.startsWith('{') ? 'a text that begins with {{ needs quotes around it' : 'a name must be a text',
};

/** Tells what is wrong, at the first thing that can be seen there. */
export function complain({ code, message, pos: [from, to] }: YAMLError, reading: Reading): void {
  const { text } = reading.source;
  const blank = code === 'TAB_AS_INDENT' ? 0 : text.slice(from).search(/\S/);
  const start = from + Math.max(0, blank);
  const [rest = ''] = text.slice(start).split(/[\r\n]/, 1);
  const own = words[code];
  const said = typeof own === 'function' ? own(rest, message) : own;
  const length = Math.min(Math.max(1, to - start), rest.length);
  reading.add({ start, length }, said ?? message.replace(/^./, (first) => first.toLowerCase()));
}
