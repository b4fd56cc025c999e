import { NEVER, of } from 'rxjs';
import { isValue, run, type Step, step } from 'tutti';
import { fold, graphOf, loop, mapEach, mapReduce, parallel, race, retry, sequence } from 'tutti/operators';
import { type Tally, tally, tallyUntil } from './tally.ts';

const add = step('add', (n: number) => n + 1);
const addLater = step('later', (n: number) => Promise.resolve(n + 1));
const never = step('never', (_: number) => NEVER);
const total = fold(
  (sum: number, n: number) => sum + n,
  () => 0,
);
const many = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const lengthOf = (list: readonly unknown[]): number => list.length;

/** Runs that are long or wide; each has a process of its own. */
export const wide = {
  'a sequence of 100': () => tally(run(sequence(...many(100).map(() => add)), 0)),
  'a sequence of 50,000 synchronous steps': () => tally(run(sequence(...many(50_000).map(() => add)), 0)),
  'a sequence of 10,000 asynchronous steps': () =>
    tally(run(sequence(...many(10_000).map(() => addLater)), 0)),
  'a pipe of 50,000 steps': pipeOf50000,
  'a pipe of 50,000 values': () => pipeTally(of(...many(50_000)).pipe(add)),
  'a parallel of 1,000': () => tally(run(parallel(many(1000).map(() => add)).map(lengthOf), 0)),
  'a parallel of 20,000': () => tally(run(parallel(many(20_000).map(() => add)).map(lengthOf), 0)),
  'a parallel of 20,000 asynchronous steps, 100 at once': () =>
    tally(
      run(
        parallel(
          many(20_000).map(() => addLater),
          { concurrency: 100 },
        ).map(lengthOf),
        0,
      ),
    ),
  'a parallel of 20,000 of which one fails': () =>
    tally(run(parallel([...many(19_999).map(() => never), failing]), 0)),
  'a parallel of 20,000 that is cancelled': () => cancelled(parallel(many(20_000).map(() => never))),
  'a parallel of 20,000 that is unsubscribed': () =>
    Promise.resolve(
      tallyUntil(run(parallel(many(20_000).map(() => never)), 0), (subscription) =>
        subscription.unsubscribe(),
      ),
    ),
  'a race of 10,000': () => tally(run(race([addLater, ...many(9999).map(() => never)]), 0)),
  'a mapEach of 10,000': () => tally(run(mapEach(add).map(lengthOf), many(10_000))),
  'a mapEach of 10,000 asynchronous steps, by key, settling': () =>
    tally(
      run(
        mapEach(addLater, { keyBy: String, failure: 'settle', concurrency: 50 }).map(lengthOf),
        new Set(many(10_000)),
      ),
    ),
  'a mapReduce of 10,000 with a fold': () => tally(run(mapReduce(add, total), many(10_000))),
  'a loop of 100,000 synchronous passes': () => tally(run(loop(add, { until: (n) => n === 100_000 }), 0)),
  'a step tried 100,000 times without delay': () =>
    tally(run(failing.with(retry({ maxRetries: 99_999, delay: 0 })), 0)),
  'a graph of 200, a chain': () => tally(run(chainGraph(200), 0)),
  'a graph of 2,000, a chain': () => tally(run(chainGraph(2000), 0)),
  'a graph of 2,000, each after two': () => tally(run(wideGraph(2000), 0)),
} satisfies Readonly<Record<string, () => Promise<Tally>>>;

export type WideCase = keyof typeof wide;

const failing = step('failing', (_: number): number => {
  throw new TypeError('fails');
});

function cancelled(wanted: Step<number, unknown>): Promise<Tally> {
  const controller = new AbortController();
  return Promise.resolve(
    tallyUntil(run(wanted, 0, { signal: controller.signal }), () => controller.abort('enough')),
  );
}

function chainGraph(count: number): Step<number, unknown> {
  const nodes = many(count).map((i) => {
    const input = (given: Readonly<Record<string, unknown>>): number => Number(given[`n${i - 1}`] ?? 0);
    return [`n${i}`, { step: add, after: i === 0 ? [] : [`n${i - 1}`], input }] as const;
  });
  return graphOf(Object.fromEntries(nodes));
}

function wideGraph(count: number): Step<number, unknown> {
  const nodes = many(count).map((i) => {
    const after = [`n${Math.floor(i / 2)}`, `n${Math.floor(i / 3)}`].filter((id) => id !== `n${i}`);
    return [`n${i}`, { step: addLater, after: i === 0 ? [] : [...new Set(after)], input: () => i }] as const;
  });
  return graphOf(Object.fromEntries(nodes)).map((outputs) => Object.keys(Object(outputs)).length);
}

function pipeOf50000(): Promise<Tally> {
  let piped = of(0).pipe(add);
  for (let i = 1; i < 50_000; i++) piped = piped.pipe(add);
  return pipeTally(piped);
}

function pipeTally(piped: ReturnType<typeof add>): Promise<Tally> {
  return new Promise((resolve) => {
    const counts: Record<string, number> = {};
    let output: unknown;
    piped.subscribe({
      next: (emission) => {
        const type = isValue(emission) ? 'value' : emission.type;
        counts[type] = (counts[type] ?? 0) + 1;
        if (isValue(emission)) output = emission.value;
      },
      complete: () => resolve({ counts, end: 'pipe', output, error: undefined, notification: 'complete' }),
    });
  });
}
