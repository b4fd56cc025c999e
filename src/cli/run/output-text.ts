import { inspect } from 'node:util';
import { encode } from '../../core/codec.ts';

/** An output to be read: text as it is, anything else as JSON, or as near to it as there is. */
export function outputText(output: unknown): string {
  if (typeof output === 'string') return output;
  if (output === undefined) return '';
  try {
    encode(output);
    return JSON.stringify(output, null, 2) ?? inspect(output);
  } catch {
    return inspect(output, { depth: 6 });
  }
}
