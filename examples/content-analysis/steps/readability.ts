import { step } from 'tutti';
import { fallback } from 'tutti/operators';
import { metered } from '../metered.ts';
import type { Text } from './text.ts';
import { orUnknown } from './unknown.ts';

const lix = step('lix', async ({ text, language }: Text, ctx) => {
  const { measureLix } = await import('../skills/measure-lix.ts');
  return metered(ctx, () => measureLix(text, language.code));
});

/** Measures by the language's own formula, else by LIX; unknown where words are not separated. */
export const readability = step('readability', async ({ text, language }: Text, ctx) => {
  const { measureReadability } = await import('../skills/measure-readability.ts');
  return metered(ctx, () => measureReadability(text, language.code));
}).with(fallback(lix), orUnknown);
