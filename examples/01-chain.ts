// A chain with streaming text: translate a review word by word, judge it, answer it.
import { setTimeout } from 'node:timers/promises';
import { outputOf, start, step, workflow } from 'tutti';
import { partials, sequence } from 'tutti/operators';
import { z } from 'zod';

const dictionary = new Map(
  Object.entries({
    bonjour: 'hello',
    la: 'the',
    le: 'the',
    livraison: 'delivery',
    était: 'was',
    en: 'in',
    retard: 'delay',
    mais: 'but',
    service: 'service',
    est: 'is',
    excellent: 'excellent',
    et: 'and',
    gentil: 'kind',
  }),
);
const valences = new Map(Object.entries({ excellent: 2, kind: 1, delay: -1 }));

const translate = step({
  id: 'translate',
  input: z.object({ text: z.string().min(1) }),
  async *run({ text }, { signal }) {
    for (const piece of text.split(/(?<=\s)/)) {
      await setTimeout(30, undefined, { signal }); // as a language model would take its time
      yield piece.replace(/\p{L}+/u, (word) => dictionary.get(word.toLowerCase()) ?? word);
    }
  },
  collect: (pieces) => ({ text: pieces.join('') }),
});

const sentiment = step('sentiment', ({ text }: { text: string }) => {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return { text, score: words.reduce((sum, word) => sum + (valences.get(word) ?? 0), 0) };
});

const respond = step('respond', ({ text, score }: { text: string; score: number }) =>
  score > 0 ? `Thank you! You wrote: “${text}”` : `We are sorry. You wrote: “${text}”`,
);

const answer = workflow({ name: 'answer' }, sequence(translate, sentiment, respond));

const review = 'Bonjour, la livraison était en retard mais le service est excellent et gentil.';
const { events$ } = start(answer, { text: review });
events$.pipe(partials(translate)).subscribe((piece) => process.stdout.write(piece));
const reply = await outputOf(events$);
console.log(`\n${reply}`);
