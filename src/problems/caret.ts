/** Longer lines are cut to this many characters around what is wrong. */
const maxWidth = 100;
const context = 40;

const widthless = /[\p{M}\p{Cf}]/u;
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/u;
const unprintable = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu;

/**
 * Shows a line with carets under what is wrong in it.
 *
 * ```
 * Generate code THEN
 *               ^^^^
 * ```
 *
 * Tabs become spaces, and characters that cannot be shown become `�`. A long line is cut.
 *
 * @param line without its end
 * @param column of the first wrong character, from 1, in UTF-16 code units
 * @param length how many code units are wrong; there is at least one caret
 */
export function underline(line: string, column: number, length: number): string {
  const at = Math.min(Math.max(column - 1, 0), line.length);
  const from = line.length > maxWidth ? Math.max(0, at - context) : 0;
  const shown = line.slice(from, from + maxWidth);
  const before = visible(line.slice(from, at));
  const wrong = visible(line.slice(at, Math.min(at + length, from + maxWidth)));
  const head = from > 0 ? '…' : '';
  const tail = from + maxWidth < line.length ? '…' : '';
  const carets = '^'.repeat(Math.max(1, widthOf(wrong)));
  return `${head}${visible(shown)}${tail}\n${' '.repeat(head.length + widthOf(before))}${carets}`;
}

function visible(text: string): string {
  return text.replaceAll('\t', ' ').replace(unprintable, '\uFFFD');
}

/** How many columns of a terminal a text takes, as far as that can be said. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (widthless.test(character)) continue;
    width += wide.test(character) ? 2 : 1;
  }
  return width;
}
