// A workflow in one line of text: its tasks are skills by name; a failure is handled, and outputs are passed on.
import { readFile } from 'node:fs/promises';
import { outputOf, run, step } from 'tutti';
import { compile, onSubject, skillTable, type TaskInput } from 'tutti/text';

const texts = new URL('content-analysis/texts/', import.meta.url);
const read = (file: string, signal: AbortSignal): Promise<string> =>
  readFile(new URL(file, texts), { encoding: 'utf8', signal });
const wordsOf = (text: string): string[] => text.match(/\p{L}+/gu) ?? [];

// Skills that know nothing of texts, as any other step, get what the task works on.
const readText = step('read', (file: string, { signal }) => read(file, signal));
const count = step('count', (text: string) => wordsOf(text).length);
const longest = step('longest', (text: string) =>
  wordsOf(text).reduce((best, word) => (word.length > best.length ? word : best), ''),
);
// Skills that do know get the task with its context: the run's input, the outputs before it, and the failures it handles.
const readAnother = step('read-another', ({ failures: [failure] }: TaskInput, { signal, log }) => {
  log(`“${failure?.task}” failed: ${failure?.error.code}`);
  return read('en-kennedy-1962.txt', signal);
});
const report = step('report', ({ input, previous }: TaskInput) => {
  const lines = previous.map(({ task, output }) => `${task}: ${output}`);
  return `asked for ${input}: ${lines.join(', ')}`;
});

const skills = {
  'read the text': onSubject(readText),
  'read another text': readAnother,
  'count the words': onSubject(count),
  'find the longest word': onSubject(longest),
  'write a report': report,
};

const text = `read the text THEN IF_FAILURE read another text
  THEN count the words AND find the longest word THEN write a report`;
const workflow = compile(text, { resolver: skillTable({ skills }), name: 'text-report' });

for (const file of ['en-roosevelt-1942.txt', 'no-such-file.txt'])
  console.log(await outputOf(run(workflow, file)));
