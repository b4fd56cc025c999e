/**
 * A skill has no word list or formula for this language, so that a workflow can fall back to another skill.
 */
export class UnsupportedLanguageError extends Error {
  override readonly name = 'UnsupportedLanguageError';
  readonly code = 'UNSUPPORTED_LANGUAGE';
  readonly skill: string;
  readonly language: string;

  constructor(skill: string, language: string) {
    super(`${skill} does not support the language '${language}'`);
    this.skill = skill;
    this.language = language;
  }
}
