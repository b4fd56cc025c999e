/**
 * The words of a text, lower-case: runs of letters, marks and digits. An apostrophe separates (`don't` is
 * `don`, `t`).
 *
 * `Intl.Segmenter` would know Japanese and Chinese too, but V8 copies the whole input into every segment,
 * which is quadratic: 300 KB exhaust the heap.
 */
export function splitWords(text: string): readonly string[] {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}

const unspaced = new Set(['ja', 'km', 'lo', 'my', 'th', 'zh']);

/** Whether the language separates words by spaces, so that {@link splitWords} means something. */
export function hasSpacedWords(language: string): boolean {
  return !unspaced.has(language);
}
