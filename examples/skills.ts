import { setImmediate } from 'node:timers/promises';
import { step } from 'tutti';
import { SkillRegistry } from 'tutti/definition';
import { subjectOf, type TaskInput } from 'tutti/text';
import { z } from 'zod';
import { metered } from './content-analysis/metered.ts';
import { chooseSentences } from './content-analysis/skills/choose-sentences.ts';
import { readDocument } from './content-analysis/skills/read-document.ts';
import { UnsupportedLanguageError } from './content-analysis/skills/unsupported-language-error.ts';

const text = z.object({ text: z.string() });
const textIn = text.extend({ language: z.string().default('en').describe('ISO 639-1') });

const textExtractor = step({
  id: 'text-extractor',
  input: z.object({ path: z.string() }),
  output: text.extend({ name: z.string() }),
  async run({ path }, { signal }) {
    const { name, text } = await readDocument(path, signal);
    return { name, text };
  },
});

const languageDetector = step({
  id: 'language-detector',
  input: text,
  output: z.object({ language: z.string(), name: z.string(), confidence: z.number() }),
  async run({ text }, ctx) {
    const { detectLanguage } = await import('./content-analysis/skills/detect-language.ts');
    return metered(ctx, () => detectLanguage(text));
  },
});

const sentiment = z.object({ label: z.enum(['positive', 'neutral', 'negative']), score: z.number() });

const names = z.array(z.string()).readonly();

/** Knows the languages that it has a list of words for, and fails in others. */
const sentimentAnalyzer = step({
  id: 'sentiment-analyzer',
  input: textIn,
  output: sentiment,
  async run({ text, language }, ctx) {
    const { scoreSentiment } = await import('./content-analysis/skills/score-sentiment.ts');
    return metered(ctx, () => scoreSentiment(text, language));
  },
});

/** Needs no language. */
const emojiSentiment = step({
  id: 'emoji-sentiment',
  input: text,
  output: sentiment,
  async run({ text }, ctx) {
    const { scoreEmojiPunctuation } = await import('./content-analysis/skills/score-emoji-punctuation.ts');
    return metered(ctx, () => scoreEmojiPunctuation(text));
  },
});

/** Says `unknown` in languages that it has no list of words for. */
const toxicityDetector = step({
  id: 'toxicity-detector',
  input: textIn,
  output: z.object({ label: z.enum(['clean', 'mild', 'toxic', 'unknown']), words: names }),
  async run({ text, language }, ctx) {
    const { detectToxicity } = await import('./content-analysis/skills/detect-toxicity.ts');
    try {
      return metered(ctx, () => detectToxicity(text, language));
    } catch (error) {
      if (error instanceof UnsupportedLanguageError) return { label: 'unknown' as const, words: [] };
      throw error;
    }
  },
});

const entityExtractor = step({
  id: 'entity-extractor',
  input: textIn,
  output: z.object({ dates: names, emails: names, money: names }),
  async run({ text, language }, ctx) {
    const { extractPatterns } = await import('./content-analysis/skills/extract-patterns.ts');
    return metered(ctx, () => extractPatterns(text, language));
  },
});

/** Streams the sentences that it chooses. */
const summarizer = step({
  id: 'summarizer',
  input: text.extend({ sentences: z.number().default(2) }),
  output: z.object({ summary: z.string() }),
  async *run({ text, sentences }, ctx) {
    const chosen = metered(ctx, () => chooseSentences(text, sentences));
    for (const [index, sentence] of chosen.entries()) {
      yield `${sentence} `;
      ctx.progress((index + 1) / chosen.length);
      await setImmediate(undefined, { signal: ctx.signal });
    }
    return { summary: chosen.join(' ') };
  },
});

const moderator = step({
  id: 'content-moderator',
  input: z.object({ toxicity: z.object({ label: z.string(), words: z.array(z.string()) }) }),
  output: z.object({ approved: z.boolean(), reason: z.string() }),
  run: ({ toxicity: { label, words } }) => ({
    approved: words.length === 0,
    reason: words.length === 0 ? `${label}: nothing found` : `${label}: ${words.join(', ')}`,
  }),
});

const responder = step({
  id: 'response-generator',
  input: z.object({ sentiment: z.string(), summary: z.string().default('') }),
  output: z.object({ message: z.string() }),
  run({ sentiment, summary }) {
    const opening =
      sentiment === 'negative' ? 'We are sorry to read this, and will look into it.' : 'Thank you for this.';
    return { message: summary === '' ? opening : `${opening} You wrote: “${summary}”` };
  },
});

const reportGenerator = step({
  id: 'report-generator',
  input: z.object({ title: z.string(), language: z.string(), sentiment: z.string(), summary: z.string() }),
  output: z.string(),
  run: ({ title, language, sentiment, summary }) => `${title} (${language}, ${sentiment}): ${summary}`,
});

/** Does the tasks of texts that name no skill, without a model: it answers in the words of what the task works on. */
const editor = step('editor', (task: TaskInput, ctx) => {
  const words = textsIn(subjectOf(task)).join('. ');
  const [sentence = ''] = metered(ctx, () => chooseSentences(words, 1));
  return `${task.task}: ${sentence}`;
});

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Who `with cheap model` and `with local model` speak of. */
export const providers = [{ name: 'this machine', tiers: ['cheap', 'free', 'local'] }];

/** The skill that does the tasks for which none is named. */
export const defaultSkill = 'editor';

/** What the workflows in this folder use, and what lines of text can use. */
export const skills = new SkillRegistry()
  .register(textExtractor)
  .register(languageDetector, { aliases: ['detect language'], tags: ['analysis'] })
  .register(sentimentAnalyzer, { aliases: ['score sentiment'], tags: ['analysis'] })
  .register(emojiSentiment, { tags: ['analysis'] })
  .register(toxicityDetector, { aliases: ['look for offensive words'], tags: ['analysis'] })
  .register(entityExtractor, { aliases: ['find names and dates'], tags: ['analysis'] })
  .register(summarizer, { aliases: ['summarize'] })
  .register(moderator)
  .register(responder)
  .register(reportGenerator)
  .register(editor);
