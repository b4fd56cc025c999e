// Fan-out, fan-in: analyses each document, and goes on with those that could be analysed.
import { outputOf, run, step } from 'tutti';
import { mapReduce, type SettledItem } from 'tutti/operators';

const contents = new Map([
  ['doc1.txt', 'Reactive systems are responsive'],
  ['doc3.txt', 'Streams compose'],
]);

const analyze = step('analyze', (document: string) => {
  const text = contents.get(document);
  if (text === undefined) throw new RangeError(`there is no ${document}`);
  return { document, words: text.split(' ').length };
});

const aggregate = step('aggregate', (results: readonly SettledItem<{ words: number }>[]) => {
  const successful = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.filter(({ status }) => status === 'rejected').map(({ key }) => key);
  return {
    analysed: successful.length,
    words: successful.reduce((sum, { words }) => sum + words, 0),
    failed,
  };
});

const processDocuments = mapReduce(analyze, aggregate, {
  keyBy: (document) => document,
  concurrency: 5,
  failure: 'settle',
});

console.log(await outputOf(run(processDocuments, ['doc1.txt', 'doc2.txt', 'doc3.txt'])));
