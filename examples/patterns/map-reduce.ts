// Map-reduce: counts the words of each text, and adds the counts up as they come.
import { outputOf, run, step } from 'tutti';
import { fold, mapReduce } from 'tutti/operators';

const countWords = step('count-words', (text: string) => text.split(' ').length);

const countAll = mapReduce(
  countWords,
  fold(
    (sum: number, words: number) => sum + words,
    () => 0,
  ),
);

console.log(await outputOf(run(countAll, ['to be or not to be', 'that is', 'the question'])), 'words');
