import { FlawFound } from './flaw.ts';

/** The longest expression, in characters. */
const maxSize = 2000;
/** How deep brackets, and what is between them, may nest. */
export const maxDepth = 50;

/** A text as the parser takes it, and where its parts were in what was written. */
export interface Scanned {
  readonly text: string;
  /** Where each `$` outside quotes was, in order. */
  readonly roots: readonly number[];
  /** Where a word was first written outside quotes, and not after a dot. */
  readonly words: ReadonlyMap<string, number>;
  /** Where texts, numbers, `true`, `false`, `null` and hyphenated step ids were, in order, each as the parser is given it. */
  readonly literals: readonly ScannedLiteral[];
  /** Where a character of `text` was. */
  originOf(index: number): number;
}

/** A value that is written out. */
export interface ScannedLiteral {
  readonly raw: string;
  readonly at: number;
  readonly length: number;
}

const piece =
  /(?<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<step>\$\s*\.\s*steps\s*\.\s*)(?<id>[\p{L}_][\p{L}\p{N}_]*(?:-[\p{L}\p{N}_]+)+)|(?<number>(?<![.\p{L}\p{N}_$])(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>(?<![.\p{L}\p{N}_$])[\p{L}_][\p{L}\p{N}_]*)|[$([{)\]}]/gu;

/**
 * Looks over an expression before it is parsed: finds what is read, refuses what is too long or too deep, and puts quotes
 * around hyphenated step ids, which would be read as subtractions.
 */
export function scan(source: string): Scanned {
  if (source.length > maxSize)
    throw new FlawFound(`an expression has at most ${maxSize} characters`, 0, source.length);
  const looking = new Looking();
  const text = source.replace(piece, (found: string, ...rest: unknown[]) =>
    looking.at(rest.at(-3) as number, found, rest.at(-1) as Groups),
  );
  const { roots, words, literals, moves } = looking;
  const originOf = (index: number): number => {
    const by = moves.findLast(({ from }) => from <= index)?.by ?? 0;
    return Math.min(Math.max(0, index - by), source.length);
  };
  return { text, roots, words, literals, originOf };
}

interface Groups {
  readonly quoted?: string;
  readonly step?: string;
  readonly id?: string;
  readonly number?: string;
  readonly word?: string;
}

const namedValues: readonly string[] = ['true', 'false', 'null'];

class Looking {
  readonly roots: number[] = [];
  readonly words = new Map<string, number>();
  readonly literals: ScannedLiteral[] = [];
  /** From where on the text to parse is how much ahead of the source. */
  readonly moves: { readonly from: number; readonly by: number }[] = [];
  #depth = 0;
  #moved = 0;

  /** Takes note of a piece, and gives what is parsed in its place. */
  at(place: number, found: string, { quoted, step, id, number, word }: Groups): string {
    if (step !== undefined && id !== undefined) return this.#hyphenated(place, found, step, id);
    if (quoted !== undefined || number !== undefined || namedValues.includes(found))
      this.literals.push({ raw: found, at: place, length: found.length });
    if (quoted !== undefined || number !== undefined) return found;
    if (word !== undefined) {
      if (!this.words.has(word)) this.words.set(word, place);
    } else if (found === '$') this.roots.push(place);
    else this.#bracket(place, found);
    return found;
  }

  #hyphenated(place: number, found: string, step: string, id: string): string {
    this.roots.push(place);
    this.literals.push({ raw: `"${id}"`, at: place + found.length - id.length, length: id.length });
    const given = `${step.replace(/\.\s*$/, '')}["${id}"]`;
    const from = place + this.#moved + given.length;
    this.#moved += given.length - found.length;
    this.moves.push({ from, by: this.#moved });
    return given;
  }

  #bracket(place: number, found: string): void {
    this.#depth += '([{'.includes(found) ? 1 : -1;
    if (this.#depth > maxDepth) throw new FlawFound(`brackets nest at most ${maxDepth} deep`, place, 1);
  }
}
