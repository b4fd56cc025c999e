import { Effect, Fiber, Stream } from 'effect';
import { combineLater, countLater, gate, increment, incrementLater, sum } from '../bodies.ts';
import type { Engine, Task } from '../engine.ts';
import { itemsFrom } from '../engines/plain.ts';
import { latticeOf } from '../lattice.ts';
import { silent } from '../outcome.ts';

/** Effect, with its generators and without tracing; no events. */
export const effect: Engine = {
  name: 'effect',
  packages: ['effect'],
  tells: false,
  tasks: {
    'chain-async': (size) => later((input) => chainLater(size, input)),
    'chain-sync': (size) => {
      // cheaper than a generator by half
      const steps = Array.from({ length: size }, () => Effect.map(increment));
      return (input) => {
        let chain = Effect.succeed(input);
        for (const step of steps) chain = step(chain);
        return silent(Effect.runSync(chain));
      };
    },
    fanout: (size) =>
      later((input) =>
        Effect.all(
          Array.from({ length: size }, () => stepLater(input)),
          { concurrency: 'unbounded' },
        ).pipe(Effect.map((outputs) => outputs.reduce(sum, 0))),
      ),
    map: (size) =>
      later((input) =>
        Effect.forEach(itemsFrom(size, input), stepLater, { concurrency: 64 }).pipe(
          Effect.map((outputs) => outputs.reduce(sum, 0)),
        ),
      ),
    dag: (size) => {
      const nodes = latticeOf(size);
      return later((input) =>
        Effect.gen(function* () {
          const fibers: Fiber.Fiber<number>[] = [];
          for (const { parents } of nodes) {
            const above = parents.map((at) => fibers[at]!);
            fibers.push(yield* Effect.forkChild(nodeAfter(above, input)));
          }
          return yield* Fiber.join(fibers.at(-1)!);
        }),
      );
    },
    'partials-burst': (size) => (input) =>
      silent(Effect.runSync(Stream.range(input, input + size - 1).pipe(Stream.runFold(() => 0, sum)))),
    'partials-generator': (size) =>
      later((input) =>
        Stream.fromAsyncIterable(countLater(size, input), String).pipe(
          Stream.runFold(() => 0, sum),
          Effect.orDie,
        ),
      ),
    concurrent: (size) =>
      later((input) =>
        Effect.forEach(itemsFrom(size, input), (start) => chainLater(5, start), {
          concurrency: 'unbounded',
        }).pipe(Effect.map((outputs) => outputs.reduce(sum, 0))),
      ),
  },
  suspend: (runs) => {
    const { opened, open } = gate();
    const ends = Array.from({ length: runs }, (_, index) => Effect.runPromise(waiting(index, opened)));
    return {
      release: async () => {
        open();
        return (await Promise.all(ends)).map(silent);
      },
    };
  },
};

const stepLater = (value: number): Effect.Effect<number> => Effect.promise(() => incrementLater(value));

function later(work: (input: number) => Effect.Effect<number>): Task {
  return (input) => Effect.runPromise(work(input)).then(silent);
}

function chainLater(size: number, input: number): Effect.Effect<number> {
  return Effect.gen(function* () {
    let value = input;
    for (let index = 0; index < size; index++) value = yield* stepLater(value);
    return value;
  });
}

function nodeAfter(above: readonly Fiber.Fiber<number>[], input: number): Effect.Effect<number> {
  return Effect.gen(function* () {
    let total = above.length === 0 ? input : 0;
    for (const fiber of above) total += yield* Fiber.join(fiber);
    return yield* Effect.promise(() => combineLater(total));
  });
}

function waiting(input: number, opened: Promise<void>): Effect.Effect<number> {
  return Effect.gen(function* () {
    let value = yield* stepLater(input);
    value = yield* stepLater(value);
    const waited = value;
    value = yield* Effect.promise(() => opened.then(() => waited + 1));
    value = yield* stepLater(value);
    return yield* stepLater(value);
  });
}
