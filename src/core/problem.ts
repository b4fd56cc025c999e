/**
 * What is wrong at one place of something written: a file, a line of text.
 *
 * The place is left out where there is none, as in an object that was built by a program.
 */
export interface Problem {
  /** What is wrong, without the place and without the suggestion. */
  readonly message: string;
  /** What would be right, to be put in the place of what is wrong. */
  readonly suggestion?: string | undefined;
  /** The name of the file. */
  readonly file?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
  /** From 1, in UTF-16 code units. */
  readonly column?: number | undefined;
  /** From 0, in UTF-16 code units of the whole text. */
  readonly offset?: number | undefined;
  /** How many UTF-16 code units are wrong; 0 where something is missing. */
  readonly length?: number | undefined;
}
