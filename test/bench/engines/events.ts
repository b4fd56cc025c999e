import type { RunEvent } from 'tutti';
import { combineLater, counted, countLater, gate, increment, incrementLater, sum } from '../bodies.ts';
import type { Engine, Outcome } from '../engine.ts';
import { type LatticeNode, latticeOf } from '../lattice.ts';
import { Listener } from '../listener.ts';
import { EventLog } from './event-log.ts';
import { itemsFrom } from './plain.ts';

type Hear = (event: RunEvent) => void;

/** A step's place in its events, made once. */
interface Place {
  readonly id: string;
  readonly path: string;
}

/** The work of `plain`, with Tutti's events made by hand: what an engine that tells can hope for. */
export const events: Engine = {
  name: 'events',
  packages: [],
  tells: true,
  tasks: {
    'chain-async': (size) => {
      const places = placesOf(size);
      return (input) => heard((hear) => chainLater(hear, places, input));
    },
    'chain-sync': (size) => {
      const places = placesOf(size);
      return (input) => {
        const listener = new Listener();
        chain(listener.hear, places, input);
        return listener.results();
      };
    },
    fanout: (size) => {
      const places = placesOf(size, (index) => `/parallel/${index}`);
      return (input) => heard((hear) => fanout(hear, places, input));
    },
    map: (size) => (input) => heard((hear) => map(hear, itemsFrom(size, input))),
    'map-stream': (size) => (input) => heard((hear) => mapStream(hear, counted(size, input), input)),
    dag: (size) => {
      const nodes = latticeOf(size).map((node) => ({ ...node, path: `/${node.id}` }));
      return (input) => heard((hear) => lattice(hear, nodes, input));
    },
    'partials-burst': (size) => (input) => {
      const listener = new Listener();
      burst(listener.hear, size, input);
      return listener.streamed();
    },
    'partials-generator': (size) => async (input) => {
      const listener = new Listener();
      await stream(listener.hear, size, input);
      return listener.streamed();
    },
    concurrent: (size) => {
      const places = placesOf(5);
      return (input) =>
        heard((hear) =>
          Promise.all(Array.from({ length: size }, (_, index) => chainLater(hear, places, input + index))),
        );
    },
  },
  suspend: (runs) => {
    const { opened, open } = gate();
    const places = placesOf(5);
    const bodies = [incrementLater, incrementLater, (value: number) => opened.then(() => value + 1)];
    const listener = new Listener();
    const ends = Array.from({ length: runs }, (_, index) => chainLater(listener.hear, places, index, bodies));
    return {
      release: async () => {
        open();
        await Promise.all(ends);
        return [listener.results()];
      },
    };
  },
};

async function heard(work: (hear: Hear) => Promise<unknown>): Promise<Outcome> {
  const listener = new Listener();
  await work(listener.hear);
  return listener.results();
}

function placesOf(size: number, pathOf = (index: number): string => `/s${index}`): readonly Place[] {
  return Array.from({ length: size }, (_, index) => ({ id: `s${index}`, path: pathOf(index) }));
}

async function chainLater(
  hear: Hear,
  places: readonly Place[],
  input: number,
  bodies: readonly ((value: number) => Promise<number>)[] = [],
): Promise<void> {
  const log = new EventLog(hear, 'sequence', input);
  let value = input;
  for (let index = 0; index < places.length; index++) {
    const { path, id } = places[index]!;
    const startedAt = log.started(path, id, value);
    try {
      value = await (bodies[index] ?? incrementLater)(value);
    } catch (error) {
      log.broken(log.failed(path, id, error));
      return;
    }
    log.wake();
    log.completed(path, id, value, startedAt);
  }
  log.ended(value);
}

function chain(hear: Hear, places: readonly Place[], input: number): void {
  const log = new EventLog(hear, 'sequence', input);
  let value = input;
  for (const { path, id } of places) {
    const startedAt = log.started(path, id, value);
    try {
      value = increment(value);
    } catch (error) {
      log.broken(log.failed(path, id, error));
      return;
    }
    log.completed(path, id, value, startedAt);
  }
  log.ended(value);
}

/** Tells of one asynchronous step. */
async function tellStep(
  log: EventLog,
  path: string,
  id: string,
  body: (value: number) => Promise<number>,
  input: number,
): Promise<number> {
  const startedAt = log.started(path, id, input);
  let output: number;
  try {
    output = await body(input);
  } catch (error) {
    throw log.failed(path, id, error);
  }
  log.wake();
  log.completed(path, id, output, startedAt);
  return output;
}

async function fanout(hear: Hear, places: readonly Place[], input: number): Promise<void> {
  const log = new EventLog(hear, 'sequence', input);
  try {
    const branches: Promise<number>[] = [];
    for (const { path, id } of places) branches.push(tellStep(log, path, id, incrementLater, input));
    const outputs = await Promise.all(branches);
    const startedAt = log.started('/join', 'join', outputs);
    const output = outputs.reduce(sum, 0);
    log.completed('/join', 'join', output, startedAt);
    log.ended(output);
  } catch (error) {
    log.broken(error);
  }
}

async function map(hear: Hear, items: readonly number[]): Promise<void> {
  const log = new EventLog(hear, 'mapReduce', items);
  const outputs: number[] = new Array(items.length).fill(0);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      const path = `/item[${index}]`;
      const item = items[index]!;
      const startedAt = log.started(path, 'item', item);
      try {
        const output = await incrementLater(item);
        outputs[index] = output;
        log.wake();
        log.completed(path, 'item', output, startedAt);
      } catch (error) {
        next = items.length;
        throw log.failed(path, 'item', error);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: 64 }, work));
    log.ended(outputs.reduce(sum, 0));
  } catch (error) {
    log.broken(error);
  }
}

async function mapStream(hear: Hear, items: Iterator<number>, input: number): Promise<void> {
  const log = new EventLog(hear, 'mapReduce', input);
  let total = 0;
  const work = async (): Promise<void> => {
    for (let next = items.next(); next.done !== true; next = items.next()) {
      const output = await tellStep(log, `/item[${next.value}]`, 'item', incrementLater, next.value);
      total += output;
    }
  };
  try {
    await Promise.all(Array.from({ length: 64 }, work));
    log.ended(total);
  } catch (error) {
    log.broken(error);
  }
}

function lattice(hear: Hear, nodes: readonly (LatticeNode & Place)[], input: number): Promise<void> {
  const log = new EventLog(hear, 'graph', input);
  return new Promise((resolve) => {
    const open = nodes.map(({ parents }) => parents.length);
    const inputs: number[] = new Array(nodes.length).fill(0);
    inputs[0] = input;
    const failed = (error: unknown): void => {
      log.broken(error);
      resolve();
    };
    const settle = async (at: number): Promise<void> => {
      const { id, path, children } = nodes[at]!;
      const output = await tellStep(log, path, id, combineLater, inputs[at]!);
      for (const child of children) {
        inputs[child]! += output;
        if (--open[child]! === 0) settle(child).catch(failed);
      }
      if (at < nodes.length - 1) return;
      log.ended(output);
      resolve();
    };
    settle(0).catch(failed);
  });
}

function burst(hear: Hear, size: number, input: number): void {
  const log = new EventLog(hear, 'stream', input);
  const startedAt = log.started('/stream', 'stream', input);
  for (let index = 0; index < size; index++) log.partial('/stream', 'stream', index, input + index);
  log.completed('/stream', 'stream', size, startedAt);
  log.ended(size);
}

async function stream(hear: Hear, size: number, input: number): Promise<void> {
  const log = new EventLog(hear, 'stream', input);
  const startedAt = log.started('/stream', 'stream', input);
  try {
    let index = 0;
    for await (const chunk of countLater(size, input)) {
      log.wake();
      log.partial('/stream', 'stream', index++, chunk);
    }
    log.completed('/stream', 'stream', size, startedAt);
    log.ended(size);
  } catch (error) {
    log.broken(log.failed('/stream', 'stream', error));
  }
}
