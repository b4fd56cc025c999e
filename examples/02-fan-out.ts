// Fan-out and fan-in with partial failure: count the words of several files, sum up those that could be read.
import { readFile } from 'node:fs/promises';
import { outputOf, run, step } from 'tutti';
import { mapEach, type SettledItem, sequence } from 'tutti/operators';

const texts = new URL('content-analysis/texts/', import.meta.url);

const countWords = step('count-words', async (file: string, { signal }) => {
  const text = await readFile(new URL(file, texts), { encoding: 'utf8', signal });
  return text.match(/\p{L}+/gu)?.length ?? 0;
});

const sumUp = step('sum-up', (results: readonly SettledItem<number>[]) => {
  const lines = results.map((result) =>
    result.status === 'fulfilled' ? `${result.key}: ${result.value} words` : `${result.key}: failed`,
  );
  const counts = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const total = counts.reduce((sum, words) => sum + words, 0);
  return [...lines, `${total} words in ${counts.length} of ${results.length} files`];
});

const countAll = sequence(
  mapEach(countWords, { keyBy: (file) => file, concurrency: 2, failure: 'settle' }),
  sumUp,
);

const files = ['en-kennedy-1962.txt', 'no-such-file.txt', 'en-roosevelt-1942.txt'];
const lines = await outputOf(run(countAll, files));
console.log(lines.join('\n'));
