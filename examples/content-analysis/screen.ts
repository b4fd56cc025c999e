import { fitColumns } from './columns.ts';

/** What a screen writes on: `process.stdout`, or anything like it. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Lines that stay, and on a terminal some below them that are drawn again and again in the same place. */
export class Screen {
  readonly #output: Output;
  #drawn: readonly string[] = [];

  constructor(output: Output) {
    this.#output = output;
  }

  /** Whether lines can be drawn in place. */
  get live(): boolean {
    return this.#output.isTTY === true;
  }

  /** Writes a line that stays. */
  print(line = ''): void {
    const drawn = this.#drawn;
    this.#output.write(`${this.#erase()}${this.#clean(line)}\n`);
    this.draw(drawn);
  }

  /** Replaces the lines that do not stay; where there is no terminal, nothing is drawn. */
  draw(lines: readonly string[]): void {
    if (!this.live || (lines.length === 0 && this.#drawn.length === 0)) return;
    const text = lines.map((line) => `${fitColumns(this.#clean(line), (this.#output.columns ?? 80) - 1)}\n`);
    this.#output.write(this.#erase() + text.join(''));
    this.#drawn = lines;
  }

  /** The codes that take the drawn lines away. */
  #erase(): string {
    const up = this.#drawn.length;
    this.#drawn = [];
    return up === 0 ? '' : `\u001b[${up}A\u001b[0J`;
  }

  /** Texts and file names may hold codes that a terminal would obey. */
  #clean(line: string): string {
    return line.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ');
  }
}
