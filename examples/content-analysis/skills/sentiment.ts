export interface Sentiment {
  readonly method: 'lexicon' | 'emoji';
  readonly label: 'positive' | 'neutral' | 'negative';
  /** -1 (all negative) to 1 (all positive). */
  readonly score: number;
  /** How many words or signs decided; 0 means that nothing is known, and the label is neutral. */
  readonly hits: number;
  /** The signs that weighed most, at most five of each; a negated word stands on the side it was counted. */
  readonly positive: readonly string[];
  readonly negative: readonly string[];
}

export interface SentimentHit {
  readonly sign: string;
  readonly valence: number;
}

/**
 * Sums hits up: the balance of positive and negative weight; the 1 in the divisor keeps few hits from an
 * extreme.
 */
export function sumSentiment(method: Sentiment['method'], hits: readonly SentimentHit[]): Sentiment {
  let positive = 0;
  let negative = 0;
  for (const { valence } of hits) {
    if (valence > 0) positive += valence;
    else negative -= valence;
  }
  const score = Math.round(((positive - negative) / (positive + negative + 1)) * 100) / 100;
  const label = score > 0.1 ? 'positive' : score < -0.1 ? 'negative' : 'neutral';
  return { method, label, score, hits: hits.length, positive: top(hits, 1), negative: top(hits, -1) };
}

function top(hits: readonly SentimentHit[], side: 1 | -1): readonly string[] {
  const weights = new Map<string, number>();
  for (const { sign, valence } of hits) {
    if (valence * side > 0) weights.set(sign, (weights.get(sign) ?? 0) + Math.abs(valence));
  }
  const heaviest = [...weights].sort(([, a], [, b]) => b - a);
  return heaviest.slice(0, 5).map(([sign]) => sign);
}
