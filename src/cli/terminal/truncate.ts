import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter();

/** Cuts a text so that it takes at most `columns` of a terminal; many letters of East Asia and emoji take two. */
export function truncate(text: string, columns: number, ellipsis = '…'): string {
  if (stringWidth(text) <= columns) return text;
  const room = columns - stringWidth(ellipsis);
  let used = 0;
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    used += stringWidth(segment);
    if (used > room) break;
    kept += segment;
  }
  return room < 0 ? '' : `${kept.trimEnd()}${ellipsis}`;
}
