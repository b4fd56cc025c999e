import type { Located } from './located.ts';
import { readYaml } from './read-yaml.ts';
import type { Reading } from './reading.ts';

/** Reads JSON. Every JSON text is YAML too, whose parser says where things are; what is YAML only is refused. */
export function readJson(reading: Reading): Located | undefined {
  const { text } = reading.source;
  try {
    JSON.parse(text);
  } catch (error) {
    const words = error instanceof Error ? error.message : '';
    const start = placeIn(words, text);
    reading.add({ start, length: start < text.length ? 1 : 0 }, `this is not JSON: ${plain(words)}`);
    return undefined;
  }
  return readYaml(reading);
}

/** Where the engine says that the error is: newer ones give the position for long texts only, else the character. */
function placeIn(words: string, text: string): number {
  const position = /position (\d+)/.exec(words)?.[1];
  if (position !== undefined) return Number(position);
  const token = /^Unexpected token '?(.)/.exec(words)?.[1];
  return token === undefined ? text.length : Math.max(0, text.indexOf(token));
}

/** The engine's message without the place, which we show ourselves. */
function plain(words: string): string {
  return words.replace(/,? ?(\.\.\.)?".*" is not valid JSON$| in JSON at position.*$/s, '');
}
