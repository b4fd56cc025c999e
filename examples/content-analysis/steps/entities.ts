import { setImmediate } from 'node:timers/promises';
import { type StepContext, step } from 'tutti';
import { fallback, timeout } from 'tutti/operators';
import { metered } from '../metered.ts';
import type { Entities } from '../skills/entities.ts';
import { splitPassages } from '../skills/split-passages.ts';
import { type Mention, Mentions } from './mentions.ts';
import type { Text } from './text.ts';

type Extract = (text: string, language: string) => Entities;

/** Finds passage by passage: what each names is a partial output, all mentions together are the output. */
async function* findIn({ text, language }: Text, ctx: StepContext, extract: Extract) {
  const passages = splitPassages(text);
  const mentions = new Mentions();
  for (const [index, passage] of passages.entries()) {
    const found = metered(ctx, () => extract(passage, language.code));
    mentions.add(found);
    yield found;
    ctx.progress((index + 1) / passages.length);
    await setImmediate(undefined, { signal: ctx.signal }); // gives others, and Ctrl-C, a turn
  }
  return mentions.list();
}

/** What has the same shape in every language: dates, addresses, sums. */
export const patterns = step({
  id: 'patterns',
  async *run(input: Text, ctx) {
    const { extractPatterns } = await import('../skills/extract-patterns.ts');
    return yield* findIn(input, ctx, extractPatterns);
  },
});

/** People, places and organisations too; where that is not possible, or takes too long, by patterns alone. */
export const entities = step({
  id: 'entities',
  async *run(input: Text, ctx): AsyncGenerator<Entities, readonly Mention[]> {
    const { extractEntities } = await import('../skills/extract-entities.ts');
    return yield* findIn(input, ctx, extractEntities);
  },
}).with(timeout('20s'), fallback(patterns));
