import {
  concatMap,
  forkJoin,
  from,
  lastValueFrom,
  map,
  mergeMap,
  Observable,
  type OperatorFunction,
  of,
  range,
  reduce,
  shareReplay,
} from 'rxjs';
import { combineLater, countLater, gate, increment, incrementLater, sum } from '../bodies.ts';
import type { Engine, Task } from '../engine.ts';
import { latticeOf } from '../lattice.ts';
import { silent } from '../outcome.ts';
import { itemsFrom } from './plain.ts';

/** Bare RxJS, by the operators that its documentation gives for each work; no events. */
export const rxjs: Engine = {
  name: 'rxjs',
  packages: ['rxjs'],
  tells: false,
  tasks: {
    'chain-async': (size) => {
      const steps = Array.from({ length: size }, () => concatMap(incrementLater));
      return later((input) => chainOf(steps, of(input)));
    },
    'chain-sync': (size) => {
      const steps = Array.from({ length: size }, () => map(increment));
      return (input) => {
        let output = 0;
        chainOf(steps, of(input)).subscribe((value) => {
          output = value;
        });
        return silent(output);
      };
    },
    fanout: (size) =>
      later((input) =>
        forkJoin(Array.from({ length: size }, () => incrementLater(input))).pipe(
          map((outputs) => outputs.reduce(sum, 0)),
        ),
      ),
    map: (size) =>
      later((input) => from(itemsFrom(size, input)).pipe(mergeMap(incrementLater, 64), reduce(sum, 0))),
    dag: (size) => later((input) => lattice(size, input)),
    'partials-burst': (size) => (input) => {
      let total = 0;
      const source = new Observable<number>((subscriber) => {
        for (let index = 0; index < size; index++) subscriber.next(input + index);
        subscriber.complete();
      });
      source.subscribe((chunk) => {
        total += chunk;
      });
      return silent(total);
    },
    'partials-generator': (size) => later((input) => from(countLater(size, input)).pipe(reduce(sum, 0))),
    concurrent: (size) => {
      const steps = Array.from({ length: 5 }, () => concatMap(incrementLater));
      return later((input) =>
        range(input, size).pipe(
          mergeMap((start) => chainOf(steps, of(start))),
          reduce(sum, 0),
        ),
      );
    },
  },
  suspend: (runs) => {
    const { opened, open } = gate();
    const steps = Array.from({ length: 5 }, (_, index) =>
      concatMap(index === 2 ? (value: number) => opened.then(() => value + 1) : incrementLater),
    );
    const ends = Array.from({ length: runs }, (_, index) => lastValueFrom(chainOf(steps, of(index))));
    return {
      release: async () => {
        open();
        return (await Promise.all(ends)).map(silent);
      },
    };
  },
};

function later(work: (input: number) => Observable<number>): Task {
  return (input) => lastValueFrom(work(input)).then(silent);
}

/** `pipe` with any number of operators. */
function chainOf(
  steps: readonly OperatorFunction<number, number>[],
  source: Observable<number>,
): Observable<number> {
  let chain = source;
  for (const step of steps) chain = step(chain);
  return chain;
}

function lattice(size: number, input: number): Observable<number> {
  const nodes: Observable<number>[] = [];
  for (const { parents } of latticeOf(size)) {
    const inputs = parents.map((at) => nodes[at]!);
    const ready =
      inputs.length === 0 ? of(input) : forkJoin(inputs).pipe(map((outputs) => outputs.reduce(sum, 0)));
    nodes.push(ready.pipe(concatMap(combineLater), shareReplay(1)));
  }
  return nodes.at(-1) ?? of(input);
}
