import { z } from 'zod';
import { durationSchema } from './duration-schema.ts';

const status = z.int().min(100).max(599);

/** In full. */
export const retryRecord = z
  .strictObject({
    maxRetries: z.int().min(0).optional().meta({ description: 'Retries after the first attempt; 3.' }),
    delay: durationSchema.optional().meta({ description: 'Before the first retry; 1s.' }),
    factor: z
      .number()
      .positive()
      .optional()
      .meta({ description: 'By which each delay is longer than the last; 2.' }),
    maxDelay: durationSchema.optional().meta({ description: 'The longest delay; 60s.' }),
    jitter: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .meta({ description: 'The part of a delay that chance decides; 0.' }),
    on: z
      .array(status)
      .optional()
      .meta({ description: 'The HTTP statuses that are worth a retry; 429, 500, 502, 503, 504.' }),
    onTimeout: z.boolean().optional().meta({ description: 'Whether a timeout is worth a retry; true.' }),
  })
  .meta({ id: 'Retry' });

/** `retry: 3`, or in full. */
export const retrySchema = z
  .union([z.int().min(0).meta({ description: 'How many retries after the first attempt.' }), retryRecord])
  .meta({ description: 'Tries the step again when it failed.' });

/** In full. */
export const cacheRecord = z
  .strictObject({
    max: z.int().min(1).optional().meta({ description: 'How many outputs are kept; 1000.' }),
    ttl: durationSchema.optional().meta({ description: 'How long an output is good for; for ever.' }),
  })
  .meta({ id: 'Cache' });

/** `cache: true`, or in full. */
export const cacheSchema = z
  .union([z.boolean(), cacheRecord])
  .meta({ description: 'Remembers outputs by input, over all runs of the process.' });

/** In full. */
export const budgetRecord = z
  .strictObject({
    usd: z.number().min(0).meta({ description: 'The most that it may cost, in US dollars.' }),
    alertAt: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .meta({ description: 'The part of it at which to be told; 0.8.' }),
  })
  .meta({ id: 'Budget' });

/** `budget: 0.5`, or in full. */
export const budgetSchema = z
  .union([z.number().min(0), budgetRecord])
  .meta({ description: 'What it may cost, in US dollars.' });
