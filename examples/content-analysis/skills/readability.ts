import { splitWords } from './split-words.ts';

export interface Readability {
  /** Whose formula, for which language. */
  readonly formula: string;
  /** On the formula's own scale: more is easier for the Flesch family, more is harder for LIX. */
  readonly score: number;
  readonly level: 'very easy' | 'easy' | 'medium' | 'difficult' | 'very difficult';
  readonly wordsPerSentence: number;
}

export interface TextCounts {
  readonly words: readonly string[];
  readonly sentences: number;
}

const sentenceEnd =
  /(?<!(?<!\p{L})(?:Mr|Mrs|Ms|Dr|St|Nr|Sr|\p{Lu}))[.!?…]+["'”’»)\]]*(?=\s+["'“‘«¿¡(]*[\p{Lu}\p{N}]|\s*$)/gu;

/** Counts words and sentences; a paragraph ends its last sentence, a single line break does not. */
export function countText(text: string): TextCounts {
  const paragraphs = text.split(/\n\s*\n/u).filter((paragraph) => /\p{L}/u.test(paragraph));
  let sentences = 0;
  for (const paragraph of paragraphs) {
    const trimmed = paragraph.trim();
    const ends = trimmed.match(sentenceEnd)?.length ?? 0;
    sentences += /[.!?…]["'”’»)\]]*$/u.test(trimmed) ? Math.max(1, ends) : ends + 1;
  }
  return { words: splitWords(text), sentences: Math.max(1, sentences) };
}

export function roundTenth(value: number): number {
  return Math.round(value * 10) / 10;
}
