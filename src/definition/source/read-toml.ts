import { parse, TomlError } from 'smol-toml';
import type { PathKey } from '../expression/tree.ts';
import { isUnsafeName } from '../unsafe-name.ts';
import { maxFileDepth } from './limits.ts';
import type { Located, Span } from './located.ts';
import type { Reading } from './reading.ts';
import { keyOf, type TomlPlace, tomlPlaces } from './toml-places.ts';
import { tomlWords } from './toml-words.ts';

/** Reads TOML 1.0. */
export function readToml(reading: Reading): Located | undefined {
  const { text } = reading.source;
  try {
    const data = parse(text, { maxDepth: maxFileDepth, useLegacyDate: true, unsafeKeyBehaviour: 'keep' });
    return new Locating(reading, tomlPlaces(text)).locate(data, [], { start: 0, length: text.length });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    complain(error, reading);
    return undefined;
  }
}

class Locating {
  readonly #reading: Reading;
  readonly #places: ReadonlyMap<string, TomlPlace>;

  constructor(reading: Reading, places: ReadonlyMap<string, TomlPlace>) {
    this.#reading = reading;
    this.#places = places;
  }

  /** @param around where that is which holds it, for what has no place of its own */
  locate(data: unknown, path: readonly PathKey[], around: Span): Located {
    const span = this.#places.get(keyOf(path))?.value ?? around;
    if (Array.isArray(data))
      return { kind: 'list', span, items: data.map((item, i) => this.locate(item, [...path, i], span)) };
    if (typeof data !== 'object' || data === null || data instanceof Date)
      return { kind: 'scalar', span, value: data, raw: this.#raw(data, span) };
    const entries = Object.entries(data).flatMap(([key, value]) => {
      const place = [...path, key];
      const keySpan = this.#places.get(keyOf(place))?.key ?? span;
      if (isUnsafeName(key)) {
        this.#reading.add(keySpan, `nothing can be called ${key}`);
        return [];
      }
      return [{ key, keySpan, value: this.locate(value, place, keySpan) }];
    });
    return { kind: 'record', span, entries };
  }

  #raw(data: unknown, { start, length }: Span): string | undefined {
    if (typeof data !== 'number') return undefined;
    return /^[\d._+-]+/.exec(this.#reading.source.text.slice(start, start + length))?.[0];
  }
}

/** Tells what the parser stopped at: it gives one flaw, and what comes after it is not read. */
function complain({ line, column, message }: TomlError, reading: Reading): void {
  const { text } = reading.source;
  const at = offsetOf(text, line, column);
  const [rest = ''] = text.slice(at).split(/[\r\n]/, 1);
  const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const { message: said, back = 0, length = 1 } = tomlWords(firstLineOf(message), { rest, before });
  reading.add({ start: at - back, length: Math.min(length, back + rest.length) }, said);
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1;
  return Math.min(start + column - 1, text.length);
}

function firstLineOf(message: string): string {
  const [first = ''] = message.split('\n');
  return first.replace(/^Invalid TOML document: /, '');
}
