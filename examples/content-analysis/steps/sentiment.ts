import { step } from 'tutti';
import { fallback } from 'tutti/operators';
import { metered } from '../metered.ts';
import type { Text } from './text.ts';

const emoji = step('emoji', async ({ text }: Text, ctx) => {
  const { scoreEmojiPunctuation } = await import('../skills/score-emoji-punctuation.ts');
  return metered(ctx, () => scoreEmojiPunctuation(text));
});

/** Scores by word list; in a language without one by emoji and emoticons, which every language has. */
export const sentiment = step('sentiment', async ({ text, language }: Text, ctx) => {
  const { scoreSentiment } = await import('../skills/score-sentiment.ts');
  return metered(ctx, () => scoreSentiment(text, language.code));
}).with(fallback(emoji));
