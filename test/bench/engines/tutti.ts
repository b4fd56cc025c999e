import { run, type Step, step } from 'tutti';
import { fold, graphOf, mapReduce, named, parallel, sequence } from 'tutti/operators';
import { combineLater, counted, countLater, gate, increment, incrementLater, sum } from '../bodies.ts';
import type { Engine, Outcome, Task } from '../engine.ts';
import { latticeOf } from '../lattice.ts';
import { Listener } from '../listener.ts';
import { itemsFrom } from './plain.ts';

/** Tutti as its users get it: compiled, by its public doors, all events on. */
export const tutti: Engine = {
  name: 'tutti',
  packages: ['tutti', 'rxjs'],
  tells: true,
  tasks: {
    'chain-async': (size) => later(chainOf(size, incrementLater)),
    policies: (size) => later(chainOf(size, incrementLater)),
    'chain-sync': (size) => {
      const chain = chainOf(size, increment);
      return (input) => now(chain, input).results();
    },
    fanout: (size) => later(sequence(parallel(stepsOf(size, incrementLater)), join)),
    map: (size) => {
      const item = step('item', incrementLater);
      const total = mapReduce(
        item,
        fold(sum, () => 0),
        { concurrency: 64 },
      );
      return (input) => ended(total, itemsFrom(size, input)).then(results);
    },
    'map-stream': (size) => {
      const item = step('item', incrementLater);
      const total = mapReduce<number, number, number, number, number>(
        item,
        fold(sum, () => 0, 'completion'),
        { over: (from: number) => counted(size, from), keyBy: (value) => value, concurrency: 64 },
      );
      return later(total);
    },
    nesting: (size) => {
      let nest: Step<number, number> = step('s0', incrementLater);
      for (let level = 1; level < size; level++) nest = named(`s${level}`, nest);
      return later(nest);
    },
    dag: (size) => later(latticeGraph(size)),
    'partials-burst': (size) => {
      const stream = step<number, number, number, number, number>({
        id: 'stream',
        run: (from, ctx) => {
          for (let index = 0; index < size; index++) ctx.partial(from + index);
          return size;
        },
      });
      return (input) => now(stream, input).streamed();
    },
    'partials-generator': (size) => {
      const stream = step('stream', (from: number) => countLater(size, from));
      return (input) => ended(stream, input).then(streamed);
    },
    concurrent: (size) => {
      const chain = chainOf(5, incrementLater);
      return (input) => allEnded(chain, size, input).then(results);
    },
  },
  suspend: (runs) => {
    const { opened, open } = gate();
    const steps = stepsOf(5, incrementLater);
    const waiting = step('s2', (value: number) => opened.then(() => value + 1));
    const flow: Step<number, number> = sequence(...steps.with(2, waiting));
    const ends = allEnded(flow, runs, 0);
    return {
      release: async () => {
        open();
        return [(await ends).results()];
      },
    };
  },
};

type Body = (value: number) => number | Promise<number>;

const join = step('join', (outputs: readonly number[]) => outputs.reduce(sum, 0));

const results = (listener: Listener): Outcome => listener.results();
const streamed = (listener: Listener): Outcome => listener.streamed();

/** Runs to the end at once. */
function now(flow: Step<number, number, unknown>, input: number): Listener {
  const listener = new Listener();
  run(flow, input).subscribe(listener.hear);
  return listener;
}

/** Runs to the end. */
function ended<I>(flow: Step<I, number, unknown>, input: I): Promise<Listener> {
  return new Promise((resolve) => {
    const listener = new Listener();
    run(flow, input).subscribe({ next: listener.hear, complete: () => resolve(listener) });
  });
}

function later(flow: Step<number, number>): Task {
  return (input) => ended(flow, input).then(results);
}

/** Runs many at once, which one listener hears. */
function allEnded(flow: Step<number, number>, runs: number, input: number): Promise<Listener> {
  return new Promise((resolve) => {
    const listener = new Listener();
    let open = runs;
    const complete = (): void => {
      if (--open === 0) resolve(listener);
    };
    const observer = { next: listener.hear, complete };
    for (let index = 0; index < runs; index++) run(flow, input + index).subscribe(observer);
  });
}

function stepsOf(size: number, body: Body): Step<number, number>[] {
  return Array.from({ length: size }, (_, index) => step(`s${index}`, body));
}

function chainOf(size: number, body: Body): Step<number, number> {
  return sequence(...stepsOf(size, body));
}

function latticeGraph(size: number): Step<number, number> {
  const nodes = latticeOf(size);
  const idOf = (at: number): string => nodes[at]?.id ?? '';
  const entries = nodes.map(({ id, parents }) => {
    const after = parents.map(idOf);
    return [id, { step: step(id, combineLater), after, input: inputAfter(after) }] as const;
  });
  return graphOf(Object.fromEntries(entries)) as Step<number, number>;
}

function inputAfter([left, above]: readonly string[]): (given: Readonly<Record<string, unknown>>) => unknown {
  if (left === undefined) return ({ input }) => input;
  if (above === undefined) return (given) => given[left];
  return (given) => (given[left] as number) + (given[above] as number);
}
