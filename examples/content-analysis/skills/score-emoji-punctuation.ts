import { emojiEmotion } from 'emoji-emotion';
import { type Sentiment, type SentimentHit, sumSentiment } from './sentiment.ts';

const variation = /[\u{fe0e}\u{fe0f}]|[\u{1f3fb}-\u{1f3ff}]/gu;
const emoticons = { ':)': 2, ':-)': 2, ':D': 3, ':-D': 3, ';)': 1, ';-)': 1, '<3': 3, '^_^': 2, '(^^)': 2 };
const frowns = { ':(': -2, ':-(': -2, ":'(": -3, '>:(': -3, ':/': -1, ':-/': -1, T_T: -3, '(>_<)': -2 };

const valences = new Map<string, number>([
  ...emojiEmotion.map(({ emoji, polarity }): [string, number] => [emoji.replace(variation, ''), polarity]),
  ...Object.entries(emoticons),
  ...Object.entries(frowns),
]);
const signs = new RegExp(
  [...valences.keys()]
    .sort((a, b) => b.length - a.length)
    .map(toPattern)
    .join('|'),
  'gu',
);

/**
 * Scores the sentiment of a text in any language by its emoji and emoticons; an exclamation mark right after
 * one makes it weigh half as much again. A text without such signs is neutral with no hits: that says nothing
 * is known.
 *
 * Source: emoji-emotion, MIT (118 emoji rated -5 to 5); the emoticons are ours.
 */
export function scoreEmojiPunctuation(text: string): Sentiment {
  const plain = text.replace(variation, '');
  const hits: SentimentHit[] = [];
  for (const match of plain.matchAll(signs)) {
    const [sign] = match;
    const emphasis = /^\s*[!！]/u.test(plain.slice(match.index + sign.length, match.index + sign.length + 3))
      ? 1.5
      : 1;
    const valence = (valences.get(sign) ?? 0) * emphasis;
    if (valence !== 0) hits.push({ sign, valence });
  }
  return sumSentiment('emoji', hits);
}

/** An emoticon made of punctuation counts only at the end of a word, so that `http://` has none. */
function toPattern(sign: string): string {
  const literal = sign.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&');
  return /^[!-~]+$/u.test(sign) ? `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}/])` : literal;
}
