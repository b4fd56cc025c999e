import { z } from 'zod';
import { toMs } from '../../core/duration.ts';
import { DefinitionError } from '../../core/errors.ts';

/** A time with its unit; without one, nobody could tell seconds from milliseconds. */
export const durationSchema = z
  .string({
    error: ({ input }) =>
      typeof input === 'number'
        ? `${input} has no unit: write "${input}s" or "${input}ms"`
        : 'a duration is a text such as "30s"',
  })
  .refine(isDuration, { error: 'a duration is a number with a unit, such as "30s", "250ms" or "1h30m"' })
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
