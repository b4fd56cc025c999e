import type { Problem } from '../../core/problem.ts';
import { SourceText } from '../../problems/source-text.ts';
import { suggest } from '../../problems/suggest.ts';
import type { PathKey } from '../expression/tree.ts';
import { keySpanAt, type Located, partAt, type Span } from './located.ts';

/** How many problems come with a proposal. */
const maxHelped = 100;

/** A text that is being read, and what has been found to be wrong with it. */
export class Reading {
  readonly source: SourceText;
  readonly problems: Problem[] = [];

  constructor(text: string, file?: string) {
    this.source = new SourceText(text, file);
  }

  /**
   * Which of the names was probably meant. After many problems nothing is proposed any more, for the time it takes grows with
   * both the problems and the names.
   */
  suggest(given: string, names: Iterable<string>): string | undefined {
    return this.problems.length < maxHelped ? suggest(given, names) : undefined;
  }

  /** Something is wrong with a part of the text; parsers may point beyond its end. */
  add(span: Span, message: string, suggestion?: string): void {
    const { text } = this.source;
    const start = Math.min(Math.max(0, span.start), text.length);
    const length = Math.min(span.length, text.length - start);
    this.problems.push({ ...this.source.place(start, length), message, suggestion });
  }

  /** Something is wrong with the value at a path. */
  at(root: Located, path: readonly PathKey[], message: string, suggestion?: string): void {
    this.add(firstLine(this.source.text, partAt(root, path).span), message, suggestion);
  }

  /** Something is wrong with the name at the end of a path. */
  atKey(root: Located, path: readonly PathKey[], message: string, suggestion?: string): void {
    this.add(keySpanAt(root, path), message, suggestion);
  }

  /** Something is wrong inside the text at a path: what is at `from` there. */
  inside(
    root: Located,
    path: readonly PathKey[],
    flaw: { message: string; at: number; length: number; suggestion?: string | undefined },
  ): void {
    const part = partAt(root, path);
    const start = textStart(this.source.text, part);
    if (start === undefined) this.at(root, path, flaw.message, flaw.suggestion);
    else this.add({ start: start + flaw.at, length: flaw.length }, flaw.message, flaw.suggestion);
  }
}

/** Where a text's first character is, if it stands in the source as it is, but for quotes around it. */
function textStart(source: string, part: Located): number | undefined {
  if (part.kind !== 'scalar' || typeof part.value !== 'string') return undefined;
  const { start, length } = part.span;
  const at = source.slice(start, start + length).indexOf(part.value);
  return at < 0 ? undefined : start + at;
}

/** Of a part that goes over several lines, the first. */
function firstLine(source: string, { start, length }: Span): Span {
  const end = source.slice(start, start + length).search(/[\r\n]/);
  return { start, length: end < 0 ? length : end };
}
