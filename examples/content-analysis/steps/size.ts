import { step } from 'tutti';
import { metered } from '../metered.ts';
import { hasSpacedWords, splitWords } from '../skills/split-words.ts';
import type { Text } from './text.ts';

export interface Size {
  readonly characters: number;
  /** Undefined where a language does not separate words. */
  readonly words: number | undefined;
}

/** Counts words and characters. */
export const size = step('size', ({ text, language }: Text, ctx): Size => {
  const words = hasSpacedWords(language.code) ? metered(ctx, () => splitWords(text).length) : undefined;
  return { characters: text.length, words };
});
