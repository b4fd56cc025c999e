import type { Problem } from '../core/problem.ts';
import type { SourceText } from '../problems/source-text.ts';

/** What stands between spaces that are neither in quotes nor in parentheses. */
export interface Chunk {
  readonly text: string;
  readonly offset: number;
}

const marks = /[\s"()]/g;
const space = /\s/;

/** Cuts a text at its spaces. A quote or a parenthesis that is not closed is a problem, and ends with the text. */
export function chunksOf(source: SourceText, problems: Problem[]): Chunk[] {
  const { text } = source;
  const chunks: Chunk[] = [];
  const open: number[] = [];
  let start = 0;
  const cut = (end: number): void => {
    if (end > start) chunks.push({ text: text.slice(start, end), offset: start });
    start = end + 1;
  };
  let at = nextMark(text, 0);
  while (at < text.length) {
    const mark = text.charAt(at);
    if (mark === '"') {
      const closing = text.indexOf('"', at + 1);
      if (closing === -1) {
        problems.push({ message: 'this quote is not closed', ...source.place(at, 1) });
        break;
      }
      at = closing;
    } else if (mark === '(') open.push(at);
    else if (mark === ')') open.pop();
    else if (open.length === 0 && space.test(mark)) cut(at);
    at = nextMark(text, at + 1);
  }
  for (const offset of open)
    problems.push({ message: 'this parenthesis is not closed', ...source.place(offset, 1) });
  cut(text.length);
  return chunks;
}

/** Where the next character is that decides anything; the text's length if there is none. */
function nextMark(text: string, from: number): number {
  marks.lastIndex = from;
  return marks.exec(text)?.index ?? text.length;
}
