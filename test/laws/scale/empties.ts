import { EMPTY, type Observable } from 'rxjs';
import { run, step } from 'tutti';
import { fold, graph, mapEach, mapReduce, parallel, sequence } from 'tutti/operators';
import { type Tally, tally } from './tally.ts';

const add = step('add', (n: number) => n + 1);
const total = fold(
  (sum: number, n: number) => sum + n,
  () => 0,
);

/** What holds nothing; all in one process, for none of it is deep or long. */
export const empties = {
  'an empty sequence': () => tally(run(sequence(), 7)),
  'an empty parallel record': () => tally(run(parallel({}), 0)),
  'an empty parallel tuple, settling': () => tally(run(parallel([], { failure: 'settle' }), 0)),
  'an empty mapEach': () => tally(run(mapEach(add), [])),
  'an empty mapEach over an Observable': () =>
    tally(run(mapEach(add, { over: (_: number): Observable<number> => EMPTY, keyBy: String }), 0)),
  'an empty mapEach over a step': () =>
    tally(
      run(mapEach(add, { over: step('none', (_: number): Observable<number> => EMPTY), keyBy: String }), 0),
    ),
  'an empty mapReduce': () => tally(run(mapReduce(add, total), [])),
  'an empty graph': () => tally(run(graph<number>(), 0)),
  'a step whose Observable completes empty': () =>
    tally(
      run(
        step('empty', (_: number) => EMPTY),
        0,
      ),
    ),
} satisfies Readonly<Record<string, () => Promise<Tally>>>;

export type EmptyCase = keyof typeof empties;
