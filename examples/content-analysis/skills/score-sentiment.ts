import { readLexicon } from './read-lexicon.ts';
import { type Sentiment, type SentimentHit, sumSentiment } from './sentiment.ts';
import { splitWords } from './split-words.ts';
import { UnsupportedLanguageError } from './unsupported-language-error.ts';

/**
 * The languages whose list was tried on labelled sentences, with the words that negate (`t` is the rest of
 * `n't`).
 */
const negations: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'de',
    new Set(['nicht', 'kein', 'keine', 'keinem', 'keinen', 'keiner', 'keines', 'nie', 'niemals', 'ohne']),
  ],
  ['en', new Set(['not', 'no', 'never', 'nor', 'without', 't'])],
  ['es', new Set(['no', 'nunca', 'jamás', 'sin', 'ni'])],
  ['fr', new Set(['pas', 'jamais', 'aucun', 'aucune', 'sans', 'ni'])],
  ['it', new Set(['non', 'mai', 'senza', 'né'])],
  ['nl', new Set(['niet', 'geen', 'nooit', 'zonder'])],
  ['pl', new Set(['nie', 'nigdy', 'bez', 'ani'])],
  ['pt', new Set(['não', 'nunca', 'jamais', 'sem', 'nem'])],
  ['ru', new Set(['не', 'нет', 'ни', 'никогда', 'без'])],
  ['sv', new Set(['inte', 'aldrig', 'utan', 'ej'])],
]);

/**
 * Scores the sentiment of a text by the words of the AFINN list; a negation turns the three words after it.
 *
 * Languages: de, en, es, fr, it, nl, pl, pt, ru, sv. The English list is hand-made, the others are machine
 * translations of it: good for the tone of a text, blind to irony and to words that mean something else here.
 *
 * Errors: {@link UnsupportedLanguageError} for every other language; nothing is guessed.
 */
export function scoreSentiment(text: string, language: string): Sentiment {
  const negators = negations.get(language);
  if (!negators) throw new UnsupportedLanguageError('scoreSentiment', language);
  const lexicon = readLexicon(language);
  const hits: SentimentHit[] = [];
  let sinceNegation = Number.POSITIVE_INFINITY;
  for (const sign of splitWords(text)) {
    sinceNegation = negators.has(sign) ? 0 : sinceNegation + 1;
    const valence = sinceNegation === 0 ? 0 : lexicon.valenceOf(sign);
    if (valence !== 0) hits.push({ sign, valence: sinceNegation <= 3 ? -valence : valence });
  }
  return sumSentiment('lexicon', hits);
}
