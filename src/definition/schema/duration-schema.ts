import { z } from 'zod';
import { toMs } from '../../core/duration.ts';
import { DefinitionError } from '../../core/errors.ts';

const notBelow = 'a time is 0 or longer, such as "30s"';

/** A time with its unit; without one, nobody could tell seconds from milliseconds. */
export const durationSchema = z
  .string({
    error: ({ input }) => {
      if (typeof input !== 'number') return 'a duration is a text such as "30s"';
      return input < 0 || !Number.isFinite(input)
        ? notBelow
        : `${input} has no unit: write "${input}s" or "${input}ms"`;
    },
  })
  .refine(isDuration, {
    error: ({ input }) =>
      /^\s*-\s*[\d.]/.test(String(input))
        ? notBelow
        : 'a duration is a number with a unit, such as "30s", "250ms" or "1h30m"',
  })
  .meta({ id: 'Duration', description: 'A time with its unit: 250ms, 30s, 5m, 1h30m.', examples: ['30s'] });

function isDuration(text: string): boolean {
  try {
    toMs(text, '');
    return true;
  } catch (error) {
    if (error instanceof DefinitionError) return false;
    throw error;
  }
}
