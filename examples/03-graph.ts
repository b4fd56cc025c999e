// A graph with a condition: extract, then analyze, summarize and moderate side by side; report, and publish if approved.
import { share } from 'rxjs';
import { outputOf, run, step } from 'tutti';
import { graph } from 'tutti/operators';

interface Extract {
  readonly sentences: readonly string[];
}

const extract = step('extract', (page: string): Extract => {
  const text = page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  return { sentences: text.match(/[^.!?]+[.!?]/g)?.map((sentence) => sentence.trim()) ?? [] };
});
const analyze = step('analyze', ({ sentences }: Extract) => ({
  sentences: sentences.length,
  words: sentences.join(' ').split(' ').length,
}));
const summarize = step('summarize', ({ sentences }: Extract) => sentences[0] ?? '');
const moderate = step('moderate', ({ sentences }: Extract) => ({
  approved: !sentences.some((sentence) => /\b(damn|idiot)\b/i.test(sentence)),
}));
const publish = step('publish', (summary: string) => `published: “${summary}”`);
const report = step(
  'report',
  (facts: { words: number; published: string | undefined }) =>
    `${facts.words} words; ${facts.published ?? 'kept back'}`,
);

const processPage = graph<string>()
  .node('extract', extract)
  .node('analyze', analyze, { after: ['extract'], input: (given) => given.extract })
  .node('summarize', summarize, { after: ['extract'], input: (given) => given.extract })
  .node('moderate', moderate, { after: ['extract'], input: (given) => given.extract })
  .node('publish', publish, {
    after: ['summarize', 'moderate'],
    when: ({ moderate }) => moderate.approved,
    input: ({ summarize }) => summarize,
  })
  .node('report', report, {
    after: ['analyze', 'publish'],
    input: ({ analyze, publish }) => ({ words: analyze.words, published: publish }),
  });

const pages = [
  '<h1>Tides.</h1> <p>The moon pulls at the sea. The sea follows.</p>',
  '<p>Only an idiot swims at night. The water is cold.</p>',
];

for (const page of pages) {
  const events$ = run(processPage, page).pipe(share());
  events$.subscribe((event) => {
    if (event.type === 'step.skipped') console.log(`${event.step} skipped: ${event.reason}`);
  });
  console.log(await outputOf(events$));
}
