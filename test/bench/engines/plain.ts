import { combineLater, countLater, gate, increment, incrementLater, sum } from '../bodies.ts';
import type { Engine } from '../engine.ts';
import { latticeOf } from '../lattice.ts';
import { silent } from '../outcome.ts';

/** Hand-written async/await that tells nobody anything. */
export const plain: Engine = {
  name: 'plain',
  packages: [],
  tells: false,
  tasks: {
    'chain-async': (size) => (input) => chainLater(size, input).then(silent),
    'chain-sync': (size) => (input) => silent(chain(size, input)),
    fanout: (size) => (input) => fanout(size, input).then(silent),
    map: (size) => (input) => map(itemsFrom(size, input)).then(silent),
    dag: (size) => {
      const nodes = latticeOf(size);
      return (input) => lattice(nodes, input).then(silent);
    },
    'partials-burst': (size) => (input) => silent(burst(size, input)),
    'partials-generator': (size) => (input) => stream(size, input).then(silent),
    concurrent: (size) => async (input) => {
      const runs = Array.from({ length: size }, (_, index) => chainLater(5, input + index));
      return silent((await Promise.all(runs)).reduce(sum, 0));
    },
  },
  suspend: (runs) => {
    const { opened, open } = gate();
    const outputs = Array.from({ length: runs }, (_, index) => waiting(index, opened));
    return {
      release: async () => {
        open();
        return (await Promise.all(outputs)).map(silent);
      },
    };
  },
};

/** Numbers from `from` on. */
export function itemsFrom(size: number, from: number): number[] {
  return Array.from({ length: size }, (_, index) => from + index);
}

async function chainLater(size: number, input: number): Promise<number> {
  let value = input;
  for (let index = 0; index < size; index++) value = await incrementLater(value);
  return value;
}

function chain(size: number, input: number): number {
  let value = input;
  for (let index = 0; index < size; index++) value = increment(value);
  return value;
}

async function fanout(size: number, input: number): Promise<number> {
  const branches: Promise<number>[] = [];
  for (let index = 0; index < size; index++) branches.push(incrementLater(input));
  return (await Promise.all(branches)).reduce(sum, 0);
}

async function map(items: readonly number[]): Promise<number> {
  const outputs: number[] = new Array(items.length).fill(0);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      outputs[index] = await incrementLater(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: 64 }, work));
  return outputs.reduce(sum, 0);
}

function lattice(nodes: ReturnType<typeof latticeOf>, input: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const open = nodes.map(({ parents }) => parents.length);
    const inputs: number[] = new Array(nodes.length).fill(0);
    inputs[0] = input;
    const settle = async (at: number): Promise<void> => {
      const output = await combineLater(inputs[at]!);
      if (at === nodes.length - 1) resolve(output);
      for (const child of nodes[at]!.children) {
        inputs[child]! += output;
        if (--open[child]! === 0) settle(child).catch(reject);
      }
    };
    settle(0).catch(reject);
  });
}

function burst(size: number, input: number): number {
  let total = 0;
  for (let index = 0; index < size; index++) total += input + index;
  return total;
}

async function stream(size: number, input: number): Promise<number> {
  let total = 0;
  for await (const chunk of countLater(size, input)) total += chunk;
  return total;
}

async function waiting(input: number, opened: Promise<void>): Promise<number> {
  let value = await incrementLater(input);
  value = await incrementLater(value);
  await opened;
  value = await incrementLater(value);
  value = await incrementLater(value);
  return incrementLater(value);
}
