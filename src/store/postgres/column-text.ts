/** A character that nobody uses; in a column, four digits behind it say which character is meant. */
const mark = '\uF8FF';

const unsafe = /[\0\uF8FF]|\p{Surrogate}/gu;

/**
 * A text as PostgreSQL can keep it: a column takes neither the character NUL nor half of a surrogate pair. The key of an item, and so
 * a path, may hold either.
 */
export function toColumn(text: string): string {
  return text.replace(unsafe, (char) => mark + char.charCodeAt(0).toString(16).padStart(4, '0'));
}

/** The text that {@link toColumn} was given. */
export function fromColumn(text: string): string {
  if (!text.includes(mark)) return text;
  return text.replace(/\uF8FF([0-9a-f]{4})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
