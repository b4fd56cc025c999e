import type { Language } from './language.ts';

/** What most steps take: a text, and the language it is written in. */
export interface Text {
  readonly text: string;
  readonly language: Language;
}
