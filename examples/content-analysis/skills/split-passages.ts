/**
 * Splits a text into passages of at most `maxLength` characters, at paragraphs, else sentences, else words.
 * The skills are synchronous: passages let a long document be cancelled and report progress in between.
 *
 * @param maxLength characters, default 4,000
 */
export function splitPassages(text: string, maxLength = 4_000): readonly string[] {
  const passages: string[] = [];
  let start = 0;
  while (start < text.length) {
    const end = start + maxLength >= text.length ? text.length : cutBefore(text, start, start + maxLength);
    const passage = text.slice(start, end).trim();
    if (passage !== '') passages.push(passage);
    start = end;
  }
  return passages;
}

const boundaries = [/\n\s*\n/gu, /[.!?…]\s|[。！？]/gu, /\s/gu];

function cutBefore(text: string, start: number, limit: number): number {
  const window = text.slice(start, limit);
  for (const boundary of boundaries) {
    let cut = 0;
    for (const match of window.matchAll(boundary)) cut = match.index + match[0].length;
    if (cut > 0) return start + cut;
  }
  return isLowSurrogate(text.charCodeAt(limit)) && limit - 1 > start ? limit - 1 : limit;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
