import parse from 'parse-duration';
import { DefinitionError } from './errors.ts';

/** Milliseconds, or words such as `'30s'`, `'1h30m'`, `'250ms'`, `'PT5M'`. */
export type Duration = number | string;

/** Numbers with units and nothing else: the parser would find a duration in any text. */
const words = /^\s*(?:(?:\d+(?:\.\d+)?|\.\d+)\s*[a-zµμ]+[\s,]*)+$|^PT(?:\d+(?:\.\d+)?[HMS])+$/iu;

/** Milliseconds of a duration; what is not a finite, non-negative time is a {@link DefinitionError}. */
export function toMs(duration: Duration, what: string): number {
  const ms = typeof duration === 'number' ? duration : words.test(duration) ? parse(duration) : null;
  if (ms === null || !Number.isFinite(ms) || ms < 0)
    throw new DefinitionError(`${what}: ${JSON.stringify(duration)} is not a duration such as 1500 or '30s'`);
  return ms;
}
