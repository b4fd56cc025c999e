import { combineLater, counted, countLater, gate, increment, incrementLater, sum } from '../bodies.ts';
import type { Engine, Outcome } from '../engine.ts';
import { type LatticeNode, latticeOf } from '../lattice.ts';
import { Listener } from '../listener.ts';
import { EventLog } from './event-log.ts';
import { itemsFrom } from './plain.ts';

/** Begins the events of one run. */
type Open = (workflow: string, input: unknown) => EventLog;

/** A step's place in its events, made once. */
interface Place {
  readonly id: string;
  readonly path: string;
}

/** The work of `plain`, with Tutti's events made by hand: what an engine that tells can hope for. */
export const events = eventsBy('events', false);

/** The same, by those who spare readings of the clock. */
export const sparing = eventsBy('sparing', true);

function eventsBy(name: string, sparingly: boolean): Engine {
  const openFor =
    ({ hear }: Listener): Open =>
    (workflow, input) =>
      new EventLog(hear, workflow, input, sparingly);
  const heard = async (work: (open: Open) => Promise<unknown>): Promise<Outcome> => {
    const listener = new Listener();
    await work(openFor(listener));
    return listener.results();
  };
  return {
    name,
    packages: [],
    tells: true,
    tasks: {
      'chain-async': (size) => {
        const places = placesOf(size);
        return (input) => heard((open) => chainLater(open, places, input));
      },
      'chain-sync': (size) => {
        const places = placesOf(size);
        return (input) => {
          const listener = new Listener();
          chain(openFor(listener), places, input);
          return listener.results();
        };
      },
      fanout: (size) => {
        const places = placesOf(size, (index) => `/parallel/${index}`);
        return (input) => heard((open) => fanout(open, places, input));
      },
      map: (size) => (input) => heard((open) => map(open, itemsFrom(size, input))),
      'map-stream': (size) => (input) => heard((open) => mapStream(open, counted(size, input), input)),
      dag: (size) => {
        const nodes = latticeOf(size).map((node) => ({ ...node, path: `/${node.id}` }));
        return (input) => heard((open) => lattice(open, nodes, input));
      },
      'partials-burst': (size) => (input) => {
        const listener = new Listener();
        burst(openFor(listener), size, input);
        return listener.streamed();
      },
      'partials-generator': (size) => async (input) => {
        const listener = new Listener();
        await stream(openFor(listener), size, input);
        return listener.streamed();
      },
      concurrent: (size) => {
        const places = placesOf(5);
        return (input) =>
          heard((open) =>
            Promise.all(Array.from({ length: size }, (_, index) => chainLater(open, places, input + index))),
          );
      },
    },
    suspend: (runs) => {
      const { opened, open } = gate();
      const places = placesOf(5);
      const bodies = [incrementLater, incrementLater, (value: number) => opened.then(() => value + 1)];
      const listener = new Listener();
      const ends = Array.from({ length: runs }, (_, index) =>
        chainLater(openFor(listener), places, index, bodies),
      );
      return {
        release: async () => {
          open();
          await Promise.all(ends);
          return [listener.results()];
        },
      };
    },
  };
}

function placesOf(size: number, pathOf = (index: number): string => `/s${index}`): readonly Place[] {
  return Array.from({ length: size }, (_, index) => ({ id: `s${index}`, path: pathOf(index) }));
}

async function chainLater(
  open: Open,
  places: readonly Place[],
  input: number,
  bodies: readonly ((value: number) => Promise<number>)[] = [],
): Promise<void> {
  const log = open('sequence', input);
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

function chain(open: Open, places: readonly Place[], input: number): void {
  const log = open('sequence', input);
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

async function fanout(open: Open, places: readonly Place[], input: number): Promise<void> {
  const log = open('sequence', input);
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

async function map(open: Open, items: readonly number[]): Promise<void> {
  const log = open('mapReduce', items);
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

async function mapStream(open: Open, items: Iterator<number>, input: number): Promise<void> {
  const log = open('mapReduce', input);
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

function lattice(open: Open, nodes: readonly (LatticeNode & Place)[], input: number): Promise<void> {
  const log = open('graph', input);
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

function burst(open: Open, size: number, input: number): void {
  const log = open('stream', input);
  const startedAt = log.started('/stream', 'stream', input);
  for (let index = 0; index < size; index++) log.partial('/stream', 'stream', index, input + index);
  log.completed('/stream', 'stream', size, startedAt);
  log.ended(size);
}

async function stream(open: Open, size: number, input: number): Promise<void> {
  const log = open('stream', input);
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
