import type { DocumentAnalysis } from './document.ts';
import { signed } from './format-report.ts';

/** A document in one line; `copy` when its text had been analysed before. */
export function summarize(document: DocumentAnalysis, copy: boolean): string {
  const { language, size, sentiment, readability, entities } = document;
  const facts = [
    language.share > 0.95 ? language.name : `${Math.round(100 * language.share)}% ${language.name}`,
    size.words === undefined ? `${size.characters} characters` : `${size.words} words`,
    sentiment.hits === 0 ? 'sentiment unknown' : `${sentiment.label} ${signed(sentiment.score)}`,
    ...(readability === undefined ? [] : [`${readability.level} to read`]),
    `${entities.length} named`,
    ...(copy ? ['the same text as before'] : []),
  ];
  return facts.join(', ');
}
