import { encode } from '../core/codec.ts';
import type { RunEvent } from '../core/events.ts';

/**
 * Writes an event down in the strict codec, without its run and its number, which the place where it is kept says.
 *
 * Most of what events say are short texts and numbers, which are written as they are: nothing is made of an event between it and
 * its text, as this is done for each event of each kept run.
 *
 * Errors: `NonSerializableOutputError`.
 */
export function eventText(event: RunEvent): string {
  let text = `{"type":${quoted(event.type)}`;
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(fields))
    if (key !== 'type' && key !== 'runId' && key !== 'seq')
      text += `${beforeValue(key)}${fieldText(key, fields[key])}`;
  return `${text}}`;
}

function fieldText(key: string, value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return `${value}`;
  if (typeof value === 'string') return quoted(value);
  try {
    return JSON.stringify(encode(value));
  } catch {
    // So that the error says where in the event it is.
    return JSON.stringify(encode({ [key]: value }));
  }
}

/** What keys look like in a text: events have few, and always the same. */
const keys = new Map<string, string>();

function beforeValue(key: string): string {
  const known = keys.get(key);
  if (known !== undefined) return known;
  const made = `,${quoted(key)}:`;
  keys.set(key, made);
  return made;
}

/** What stands in JSON as it is. */
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
/** Longer texts are read through faster by `JSON`. */
const short = 64;

function quoted(text: string): string {
  return text.length <= short && plain.test(text) ? `"${text}"` : JSON.stringify(text);
}
