const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u;
const none = /\p{M}|\p{Cf}/u;

/** Cuts a line so that it takes at most `columns` of a terminal; letters of East Asia and emoji take two. */
export function fitColumns(line: string, columns: number): string {
  let used = 0;
  let end = 0;
  for (const character of line) {
    used += widthOf(character);
    if (used > columns) return `${line.slice(0, end).trimEnd()}…`;
    if (used < columns) end += character.length;
  }
  return line;
}

/** Fills a text up with blanks to `columns` of a terminal. */
export function padColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** How many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
  return [...text].reduce((sum, character) => sum + widthOf(character), 0);
}

function widthOf(character: string): number {
  if (none.test(character)) return 0;
  return wide.test(character) || /\p{Emoji_Presentation}/u.test(character) ? 2 : 1;
}
