import { type Runnable, RunnableLambda, RunnableMap } from '@langchain/core/runnables';
import { countLater, gate, increment, incrementLater, sum } from '../bodies.ts';
import type { Engine, Task } from '../engine.ts';
import { itemsFrom } from '../engines/plain.ts';
import { silent } from '../outcome.ts';

/** LangChain's runnables, without callbacks or tracing. It has no graphs: that is LangGraph. */
export const langchain: Engine = {
  name: 'langchain',
  packages: ['@langchain/core'],
  tells: false,
  sizes: { concurrent: 1000, memory: 1000 },
  tasks: {
    'chain-async': (size) => invoke(chainOf(Array.from({ length: size }, () => incrementLater))),
    'chain-sync': (size) => invoke(chainOf(Array.from({ length: size }, () => increment))),
    fanout: (size) => {
      const branch = RunnableLambda.from(incrementLater);
      const branches = Object.fromEntries(Array.from({ length: size }, (_, index) => [`s${index}`, branch]));
      const join = RunnableLambda.from((outputs: Record<string, number>) =>
        Object.values(outputs).reduce(sum, 0),
      );
      return invoke(RunnableMap.from<number>(branches).pipe(join));
    },
    map: (size) => {
      const item = RunnableLambda.from(incrementLater);
      return async (input) => {
        const outputs = await item.batch(itemsFrom(size, input), { maxConcurrency: 64 });
        return silent(outputs.reduce(sum, 0));
      };
    },
    'partials-generator': (size) => {
      const stream = RunnableLambda.from((input: number) => countLater(size, input));
      return async (input) => {
        let total = 0;
        for await (const chunk of await stream.stream(input)) total += chunk as unknown as number;
        return silent(total);
      };
    },
    concurrent: (size) => {
      const chain = chainOf(Array.from({ length: 5 }, () => incrementLater));
      return async (input) => silent((await chain.batch(itemsFrom(size, input))).reduce(sum, 0));
    },
  },
  suspend: (runs) => {
    const { opened, open } = gate();
    const waiting = (value: number): Promise<number> => opened.then(() => value + 1);
    const bodies = Array.from({ length: 5 }, (_, index) => (index === 2 ? waiting : incrementLater));
    const chain = chainOf(bodies);
    const ends = itemsFrom(runs, 0).map((input) => chain.invoke(input));
    return {
      release: async () => {
        open();
        return (await Promise.all(ends)).map(silent);
      },
    };
  },
};

function invoke(runnable: Runnable<number, number>): Task {
  return (input) => runnable.invoke(input).then(silent);
}

function chainOf(bodies: readonly ((value: number) => number | Promise<number>)[]): Runnable<number, number> {
  const [first, ...rest] = bodies.map((body) => RunnableLambda.from<number, number>(body));
  let chain: Runnable<number, number> = first!;
  for (const runnable of rest) chain = chain.pipe(runnable);
  return chain;
}
