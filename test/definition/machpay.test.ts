import { HttpStatusError, run, step } from 'tutti';
import { loadWorkflow, SkillRegistry } from 'tutti/definition';
import { toReport } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { record } from '../operators/record.ts';
import { skills } from './skills.ts';

// Each workflow of the MachPay page, with its names, as a file.

const translator = step({
  id: 'translator',
  input: z.object({ text: z.string(), target: z.string() }),
  output: z.object({ translated_text: z.string() }),
  run: ({ text, target }) => ({ translated_text: `${target}:${text}` }),
});

const sentiment = step({
  id: 'sentiment-analyzer',
  input: z.object({ text: z.string() }),
  output: z.object({ sentiment: z.string() }),
  run: ({ text }) => ({ sentiment: text.includes('amazing') ? 'positive' : 'neutral' }),
});

const chat = step({
  id: 'chat-assistant',
  input: z.object({ prompt: z.string() }),
  output: z.object({ message: z.string() }),
  run: ({ prompt }) => ({ message: `<${prompt}>` }),
});

const named = (id: string) => step(id, (given: unknown) => ({ [id]: given }));

const registry = (): SkillRegistry => skills().register(translator).register(sentiment).register(chat);

const load = (text: string, from = registry()) => loadWorkflow(text, { registry: from }).workflow;

describe("MachPay's workflows as files", () => {
  it('chains skills', () => {
    const workflow = load(`
name: chain
steps:
  - id: translation
    skill_id: translator
    input_mapping: { text: $.input.text, target: en }
  - id: sentiment
    skill_id: sentiment-analyzer
    input_mapping: { text: $.steps.translation.output.translated_text }
  - id: response
    skill_id: chat-assistant
    input_mapping:
      prompt: >-
        The user said '{{ $.steps.translation.output.translated_text }}'
        with {{ $.steps.sentiment.output.sentiment }} sentiment. Respond appropriately.
`);
    const done = record(run(workflow, { text: 'Bonjour le monde' }));
    expect(done.output).toEqual({
      message: "<The user said 'en:Bonjour le monde' with neutral sentiment. Respond appropriately.>",
    });
    expect(done.started).toEqual(['/translation', '/sentiment', '/response']);
  });

  it('runs independent skills side by side, and gives a map of them', () => {
    const from = registry();
    for (const id of ['toxicity-detector', 'language-detector', 'entity-extractor']) from.register(named(id));
    const workflow = load(
      `
steps:
  - { id: sentiment, skill_id: sentiment-analyzer, input_mapping: { text: $.input.text } }
  - { id: toxicity, skill_id: toxicity-detector, input_mapping: { text: $.input.text } }
  - { id: language, skill_id: language-detector, input_mapping: { text: $.input.text } }
  - { id: entities, skill_id: entity-extractor, input_mapping: { text: $.input.text } }
`,
      from,
    );
    const text = 'MachPay is amazing!';
    expect(record(run(workflow, { text })).output).toEqual({
      sentiment: { sentiment: 'positive' },
      toxicity: { 'toxicity-detector': { text } },
      language: { 'language-detector': { text } },
      entities: { 'entity-extractor': { text } },
    });
  });

  it('moderates content', () => {
    const workflow = load(`{
  "name": "content-moderation",
  "steps": [
    { "id": "analyze", "skill_id": "content-analyzer", "input_mapping": { "text": "$.input.text" } },
    {
      "id": "moderate",
      "skill_id": "content-moderator",
      "input_mapping": { "text": "$.input.text", "analysis": "$.steps.analyze.output" },
      "depends_on": ["analyze"]
    },
    {
      "id": "respond",
      "skill_id": "response-generator",
      "input_mapping": { "original": "$.input.text", "moderation": "$.steps.moderate.output" },
      "depends_on": ["moderate"],
      "condition": "$.steps.moderate.output.approved == true"
    }
  ]
}`);
    const done = record(run(workflow, { text: 'User generated content here...' }));
    expect(done.output).toEqual({ message: 'Thank you for: User generated content here...' });
    const refused = record(run(workflow, { text: 'hate' }));
    expect(refused.all('step.skipped')).toMatchObject([{ step: 'respond' }]);
  });

  it(
    'processes a document as a diamond: who depends on both waits for both',
    marbles((m) => {
      const from = new SkillRegistry()
        .register(fakeStep(m, 'text-extractor', '1ms (e|)'))
        .register(fakeStep(m, 'analyzer', '5ms (a|)'))
        .register(fakeStep(m, 'summarizer', '2ms (s|)'))
        .register(fakeStep(m, 'report-generator', '1ms (r|)'));
      const workflow = load(
        `
name = "document-processor"
[[steps]]
id = "extract"
skill_id = "text-extractor"
[[steps]]
id = "analyze"
skill_id = "analyzer"
depends_on = ["extract"]
[[steps]]
id = "summarize"
skill_id = "summarizer"
depends_on = ["extract"]
[[steps]]
id = "report"
skill_id = "report-generator"
depends_on = ["analyze", "summarize"]  # Wait for both
`,
        from,
      );
      m.expectRun(run(workflow, 'doc')).toBe(
        `(run> extract>)
         1ms (extract. extract| analyze> summarize>)
         2ms (summarize. summarize|)
         3ms (analyze. analyze| report>)
         1ms (report. report| run|)`,
      );
    }),
  );

  it(
    'retries an unreliable step, and falls back from a failing one',
    marbles((m) => {
      const api = fakeStep(m, 'external-api', '-#', { error: new HttpStatusError(503) });
      const premium = fakeStep(m, 'premium-llm', '-#', { error: new HttpStatusError(401) });
      const from = new SkillRegistry()
        .register(api)
        .register(premium)
        .register(fakeStep(m, 'basic-llm', '-(b|)'));
      const unreliable = load(
        `
steps:
  - id: unreliable-step
    skill_id: external-api
    retry: { max_retries: 3, backoff_factor: 2.0, retry_on: [500, 503] }
`,
        from,
      );
      const primary = load(
        `
steps:
  - id: primary
    skill_id: premium-llm
    fallback: { id: fallback, skill_id: basic-llm }
`,
        from,
      );
      const failed = record(run(unreliable, 'x'));
      const done = record(run(primary, 'x'));
      m.flush();
      expect(failed.all('step.retrying').map(({ delayMs }) => delayMs)).toEqual([1000, 2000, 4000]);
      expect(failed.end.type).toBe('run.failed');
      expect(done.output).toBe('b');
      expect(done.started).toEqual(['/primary', '/primary/!fallback:fallback']);
    }),
  );

  it('handles errors: independent branches end, the webhook is known, the run is failed', () => {
    const { workflow, settings } = loadWorkflow(
      `
name: with-error-handling
steps:
  - { id: bad, skill_id: failing }
  - { id: after, skill_id: echo, depends_on: [bad] }
  - { id: other, skill_id: echo }
on_error:
  action: continue  # or "abort", "retry"
  notify_webhook: https://your-server.com/workflow-error
`,
      { registry: registry() },
    );
    const done = record(run(workflow, 1));
    expect(done.end.type).toBe('run.failed');
    expect(done.started).toEqual(['/bad', '/other']);
    expect(done.all('step.skipped')).toMatchObject([{ step: 'after', reason: 'bad has no output' }]);
    expect(settings.webhooks).toEqual({ errorOccurred: 'https://your-server.com/workflow-error' });
  });

  it('fans out over documents and in again, with those that succeeded', () => {
    const analyze = step('document-analyzer', ({ document }: { document: string }) => {
      if (document === 'doc2.txt') throw new RangeError('unreadable');
      return { length: document.length };
    });
    const from = registry().register(analyze).register(named('result-aggregator'));
    const workflow = load(
      `
steps:
  - id: process
    skill_id: document-analyzer
    for_each: { over: $.input.documents, on_error: continue }
    input_mapping: { document: $.item }
  - id: aggregate
    skill_id: result-aggregator
    input_mapping: { analyses: $.steps.process.output }
`,
      from,
    );
    const documents = ['doc1.txt', 'doc2.txt', 'document3.txt'];
    expect(record(run(workflow, { documents })).output).toEqual({
      'result-aggregator': { analyses: [{ length: 8 }, { length: 13 }] },
    });
  });

  it('maps and reduces', () => {
    const count = step('word-counter', ({ item }: { item: string }) => item.split(' ').length);
    const total = step('count-aggregator', ({ results }: { results: number[] }) =>
      results.reduce((sum, n) => sum + n, 0),
    );
    const workflow = load(
      `
steps:
  - id: words
    skill_id: word-counter
    for_each: $.input.items
    input_mapping: { item: $.item }
    reduce: { skill_id: count-aggregator, input_mapping: { results: $.results } }
`,
      registry().register(count).register(total),
    );
    expect(record(run(workflow, { items: ['a b', 'c', 'd e f'] })).output).toBe(6);
  });

  it('runs what is dear only where it is needed', () => {
    const classify = step('quick-classifier', ({ text }: { text: string }, { cost }) => {
      cost({ usd: 0.0001 });
      return { requires_deep_analysis: text.length > 10 };
    });
    const deep = step('deep-analyzer', (_: unknown, { cost }) => {
      cost({ usd: 0.01 });
      return 'deep';
    });
    const workflow = load(
      `
steps:
  - { id: classification, skill_id: quick-classifier, input_mapping: { text: $.input.text } }
  - id: analysis
    skill_id: deep-analyzer
    input_mapping: { text: $.input.text }
    condition: $.steps.classification.output.requires_deep_analysis
  - id: result
    skill_id: echo
    input_mapping: "{{ default($.steps.analysis.output, 'quick') }}"
`,
      registry().register(classify).register(deep),
    );
    expect(record(run(workflow, { text: 'short' })).end).toMatchObject({ output: 'quick', costUsd: 0.0001 });
    expect(record(run(workflow, { text: 'a much longer text' })).end).toMatchObject({
      output: 'deep',
      costUsd: 0.0101,
    });
  });

  it('reuses results of the same skill and input, whatever the order of the keys', () => {
    let calls = 0;
    const counted = step('translate', (given: object) => ({ calls: ++calls, keys: Object.keys(given) }));
    const workflow = load(
      'steps: [{ id: t, skill_id: translate, cache: { max: 1000 } }]',
      registry().register(counted),
    );
    const first = record(run(workflow, { text: 'hello', target: 'en' })).output;
    const again = record(run(workflow, { target: 'en', text: 'hello' }));
    expect(again.output).toEqual(first);
    expect(again.all('step.completed')).toMatchObject([{ source: 'cache' }]);
  });

  it("can be watched: a report tells of the file's steps", () => {
    const workflow = load(
      'steps: [{ id: one, skill_id: echo }, { id: two, skill_id: echo, depends_on: one }]',
    );
    let last: unknown;
    run(workflow, 1)
      .pipe(toReport())
      .subscribe((report) => {
        last = report;
      });
    expect(JSON.stringify(last)).toContain('two');
  });
});
