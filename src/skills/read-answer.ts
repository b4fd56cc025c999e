import type { Response } from 'undici';
import { StepFailedError } from '../core/errors.ts';

/** How many characters of an answer an error message shows. */
const saidLength = 200;

/** All of an answer, as text. Errors: `StepFailedError` for one that is longer than `maxBytes`. */
export async function readText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new StepFailedError(`the answer is longer than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** How an answer begins that is no success, however long it is: what its server says of the failure. */
export async function openingOf(response: Response): Promise<string> {
  let opening = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    opening += decoder.decode(chunk, { stream: true });
    if (opening.length >= saidLength) break;
  }
  return opening.slice(0, saidLength);
}

/** An answer as data, where it is JSON. */
export function parse(text: string, headers: Readonly<Record<string, string>>): unknown {
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(headers['content-type'] ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
