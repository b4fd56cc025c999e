import { step } from 'tutti';
import { metered } from '../metered.ts';
import type { Text } from './text.ts';
import { orUnknown } from './unknown.ts';

/** Looks for offensive words; unknown in languages without a list. */
export const toxicity = step('toxicity', async ({ text, language }: Text, ctx) => {
  const { detectToxicity } = await import('../skills/detect-toxicity.ts');
  return metered(ctx, () => detectToxicity(text, language.code));
}).with(orUnknown);
