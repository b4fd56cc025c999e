import {
  Annotation,
  type BaseCheckpointSaver,
  END,
  type LangGraphRunnableConfig,
  Send,
  START,
  StateGraph,
} from '@langchain/langgraph';
import { combineLater, countLater, gate, increment, incrementLater, sum } from '../bodies.ts';
import type { Engine } from '../engine.ts';
import { itemsFrom } from '../engines/plain.ts';
import { latticeOf } from '../lattice.ts';
import { silent } from '../outcome.ts';

/** LangGraph.js, without a checkpointer; no events. */
export const langgraph: Engine = {
  name: 'langgraph',
  packages: ['@langchain/langgraph', '@langchain/core'],
  tells: false,
  sizes: { map: 1000, 'partials-burst': 10_000, 'partials-generator': 10_000, concurrent: 200, memory: 1000 },
  tasks: {
    'chain-async': (size) => chainOf(Array.from({ length: size }, () => incrementLater)),
    'chain-sync': (size) => chainOf(Array.from({ length: size }, () => increment)),
    fanout: (size) => mapOf(size, (input) => new Array(size).fill(input)),
    map: (size) => mapOf(size, (input) => itemsFrom(size, input), 64),
    dag: (size) => latticeOfSize(size),
    'partials-burst': (size) =>
      streamOf((input, config) => {
        for (let index = 0; index < size; index++) config.writer?.(input + index);
      }),
    'partials-generator': (size) =>
      streamOf(async (input, config) => {
        for await (const chunk of countLater(size, input)) config.writer?.(chunk);
      }),
    concurrent: (size) => {
      const chain = chainOf(Array.from({ length: 5 }, () => incrementLater));
      return async (input) => {
        const ends = await Promise.all(itemsFrom(size, input).map(chain));
        return silent(ends.reduce((total, { output }) => total + output, 0));
      };
    },
  },
  suspend: (runs) => {
    const { opened, open } = gate();
    const waiting = (value: number): Promise<number> => opened.then(() => value + 1);
    const chain = chainOf(Array.from({ length: 5 }, (_, index) => (index === 2 ? waiting : incrementLater)));
    const ends = itemsFrom(runs, 0).map(chain);
    return {
      release: () => {
        open();
        return Promise.all(ends);
      },
    };
  },
};

type Body = (value: number) => number | Promise<number>;
type AsyncTask = (input: number) => Promise<ReturnType<typeof silent>>;

const State = Annotation.Root({ value: Annotation<number> });

/** Names of nodes are types to LangGraph; here they are made by counting. */
type Counted = StateGraph<typeof State.spec, typeof State.State, typeof State.Update, string>;

/** A chain of nodes; with a checkpointer, its state is kept after each of them. */
export function compiledChain(
  bodies: readonly Body[],
  options: { readonly checkpointer?: BaseCheckpointSaver } = {},
): ReturnType<Counted['compile']> {
  const graph = new StateGraph(State) as unknown as Counted;
  for (const [index, body] of bodies.entries()) {
    graph.addNode(`s${index}`, async ({ value }: typeof State.State) => ({ value: await body(value) }));
    graph.addEdge(index === 0 ? START : `s${index - 1}`, `s${index}`);
  }
  graph.addEdge(`s${bodies.length - 1}`, END);
  return graph.compile(options);
}

function chainOf(bodies: readonly Body[]): AsyncTask {
  const chain = compiledChain(bodies);
  const config = { recursionLimit: bodies.length + 2 };
  return async (value) => silent((await chain.invoke({ value }, config)).value);
}

function mapOf(
  size: number,
  itemsOf: (input: number) => readonly number[],
  maxConcurrency?: number,
): AsyncTask {
  const Mapped = Annotation.Root({
    value: Annotation<number>,
    total: Annotation<number>({ reducer: sum, default: () => 0 }),
  });
  const graph = new StateGraph(Mapped)
    .addNode('item', async ({ value }: { value: number }) => ({ total: await incrementLater(value) }))
    .addConditionalEdges(START, ({ value }) =>
      itemsOf(value).map((item) => new Send('item', { value: item })),
    )
    .addEdge('item', END)
    .compile();
  const config = { recursionLimit: size + 2, ...(maxConcurrency !== undefined && { maxConcurrency }) };
  return async (value) => silent((await graph.invoke({ value }, config)).total);
}

function latticeOfSize(size: number): AsyncTask {
  const Values = Annotation.Root({
    input: Annotation<number>,
    // what has come so far is changed in place: the cheapest way to add to it
    values: Annotation<Record<string, number>>({
      reducer: (all, more) => Object.assign(all, more),
      default: () => ({}),
    }),
  });
  const graph = new StateGraph(Values) as unknown as StateGraph<
    typeof Values.spec,
    typeof Values.State,
    typeof Values.Update,
    string
  >;
  const nodes = latticeOf(size);
  for (const { id, parents } of nodes) {
    const above = parents.map((at) => nodes[at]!.id);
    graph.addNode(id, async ({ input, values }: typeof Values.State) => {
      const total = above.length === 0 ? input : above.reduce((so, parent) => so + values[parent]!, 0);
      return { values: { [id]: await combineLater(total) } };
    });
    if (above.length === 0) graph.addEdge(START, id);
    else graph.addEdge(above, id);
  }
  const last = nodes.at(-1)!.id;
  graph.addEdge(last, END);
  const lattice = graph.compile();
  return async (input) =>
    silent((await lattice.invoke({ input }, { recursionLimit: size + 2 })).values[last]!);
}

function streamOf(body: (input: number, config: LangGraphRunnableConfig) => void | Promise<void>): AsyncTask {
  const graph = new StateGraph(State)
    .addNode('stream', async ({ value }, config) => {
      await body(value, config);
      return {};
    })
    .addEdge(START, 'stream')
    .addEdge('stream', END)
    .compile();
  return async (value) => {
    let total = 0;
    for await (const chunk of await graph.stream({ value }, { streamMode: 'custom' })) total += chunk;
    return silent(total);
  };
}
