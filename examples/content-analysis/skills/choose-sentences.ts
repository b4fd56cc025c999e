import { splitWords } from './split-words.ts';

/** Words of fewer letters say little of what a text is about. */
const minLetters = 4;

/** The sentences of a text whose words come up most in it, in the order of the text. */
export function chooseSentences(text: string, count: number): readonly string[] {
  const sentences = text.split(/(?<=[.!?…]["'”’»)]*)\s+|\n\s*\n/u).filter((one) => /\p{L}/u.test(one));
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const weighed = sentences.map((sentence, position) => {
    const words = wordsOf(sentence);
    const sum = words.reduce((total, word) => total + (counts.get(word) ?? 0), 0);
    return { sentence, position, weight: words.length === 0 ? 0 : sum / Math.sqrt(words.length) };
  });
  const chosen = weighed.sort((a, b) => b.weight - a.weight).slice(0, count);
  return chosen
    .sort((a, b) => a.position - b.position)
    .map(({ sentence }) => sentence.replace(/\s+/g, ' ').trim());
}

function wordsOf(text: string): readonly string[] {
  return splitWords(text)
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= minLetters);
}
