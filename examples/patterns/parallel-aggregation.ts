// Several skills side by side on one text; the entry of one that fails says why.
import { outputOf, run, step } from 'tutti';
import { parallel, recover } from 'tutti/operators';

const sentiment = step('sentiment', (text: string) => (/amazing|great/.test(text) ? 'positive' : 'neutral'));
const summary = step('summary', (): string => {
  throw new RangeError('the model is overloaded');
});
const keywords = step('keywords', (text: string) => text.toLowerCase().match(/\w{6,}/g) ?? []);

const orError = recover((error) => ({ error: String(error) }));

const analyze = parallel({
  sentiment: sentiment.with(orError),
  summary: summary.with(orError),
  keywords: keywords.with(orError),
});

console.log(await outputOf(run(analyze, 'This product is amazing!')));
