import type { Problem } from '../core/problem.ts';

/** Where something is in a text: what a {@link Problem} says of its place. */
export type Place = Required<Pick<Problem, 'file' | 'line' | 'column' | 'offset' | 'length'>>;

const lineEnd = /\r\n|[\n\r\u2028\u2029]/g;

/** A text in which problems are found: knows its lines. */
export class SourceText {
  readonly text: string;
  readonly file: string | undefined;
  #starts: readonly number[] | undefined;

  /** @param file the name of the file that the text is from, for messages */
  constructor(text: string, file?: string) {
    this.text = text;
    this.file = file;
  }

  /** The place of what starts at an offset, from 0 in UTF-16 code units. */
  place(offset: number, length = 0): Place {
    const line = this.#lineAt(offset);
    return { file: this.file, line, column: offset - this.#startOf(line) + 1, offset, length };
  }

  /** A line, from 1, without its end; empty for a line that there is not. */
  line(number: number): string {
    const starts = this.#lines();
    if (number < 1 || number > starts.length) return '';
    const until = starts[number] ?? this.text.length;
    return this.text.slice(this.#startOf(number), until).replace(/[\r\n\u2028\u2029]+$/, '');
  }

  #startOf(line: number): number {
    return this.#lines()[line - 1] ?? 0;
  }

  #lineAt(offset: number): number {
    const starts = this.#lines();
    let from = 0;
    let to = starts.length;
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if ((starts[middle] ?? 0) <= offset) from = middle;
      else to = middle;
    }
    return from + 1;
  }

  #lines(): readonly number[] {
    this.#starts ??= [0, ...Array.from(this.text.matchAll(lineEnd), (end) => end.index + end[0].length)];
    return this.#starts;
  }
}
