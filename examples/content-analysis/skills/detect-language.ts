import { eld } from 'eld/extrasmall';

const detector = eld.newInstance();
const names = new Intl.DisplayNames(['en'], { type: 'language' });

export interface DetectedLanguage {
  /** ISO 639-1; `und` when the text has no letters that decide. */
  readonly language: string;
  /** In English. */
  readonly name: string;
  /**
   * 0 to 1: how well the text fits the language; a score, not a probability. Halved when the detector doubts.
   */
  readonly confidence: number;
}

/**
 * Detects which of 60 languages a text is written in, by its letter sequences; two or three words can be too
 * few.
 *
 * Source: eld (Efficient Language Detector), Apache-2.0; its smallest data set, loaded with the module.
 */
export function detectLanguage(text: string): DetectedLanguage {
  const result = detector.detect(text);
  if (result.language === '') return { language: 'und', name: 'Unknown', confidence: 0 };
  const score = result.getScores()[result.language] ?? 0;
  const confidence = Math.round((result.isReliable() ? score : score / 2) * 100) / 100;
  return { language: result.language, name: names.of(result.language) ?? result.language, confidence };
}
