// A pipeline: each skill takes what the one before gave, as text.
import { outputOf, run, step } from 'tutti';
import { sequence, transform } from 'tutti/operators';

const research = step('research', (question: string) => ({
  question,
  findings: ['models get smaller', 'agents use tools'],
}));
const analyze = step('analyze', (findings: string) => findings.match(/\w+/g)?.length ?? 0);
const report = step('report', (analysis: string) => `Report: ${analysis} words say it all.`);

const asText = transform((output: unknown) => (typeof output === 'string' ? output : JSON.stringify(output)));

const pipeline = sequence(research, asText, analyze, asText, report);

console.log(await outputOf(run(pipeline, 'What are the latest AI trends?')));
