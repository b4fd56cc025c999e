import type { OutputOf } from 'tutti';
import { assign, cache, named, sequence, timeout } from 'tutti/operators';
import { entities } from './steps/entities.ts';
import { language } from './steps/language.ts';
import { read } from './steps/read.ts';
import { readability } from './steps/readability.ts';
import { sentiment } from './steps/sentiment.ts';
import { size } from './steps/size.ts';
import { toxicity } from './steps/toxicity.ts';

/** Everything that is found out about a text, once for each text: a second copy of a file costs nothing. */
export const analysis = named(
  'analysis',
  sequence(assign({ language }), assign({ size, sentiment, entities, toxicity, readability })),
).with(cache());

/** One document, from its file to all that is known of it. */
export const document = named(
  'document',
  sequence(read, assign({ analysis: analysis.using(({ text }: { readonly text: string }) => ({ text })) })),
)
  .map(({ name, analysis }) => ({ name, ...analysis }))
  .with(timeout('3m'));

export type DocumentAnalysis = OutputOf<typeof document>;
