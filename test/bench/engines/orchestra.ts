import { type Step, step } from 'tutti';
import { sequence } from 'tutti/operators';
import { Orchestra } from 'tutti/orchestra';
import { sqliteStore } from 'tutti/store/sqlite';
import { incrementLater } from '../bodies.ts';
import type { Engine, Task } from '../engine.ts';
import { Listener } from '../listener.ts';
import { countIn, storeFile } from '../store-file.ts';
import { type Durability, durableRuns, durableSteps } from '../workloads/durable.ts';

/** Tutti's Orchestra over SQLite, one run at a time, with somebody who hears all its events. */
export const orchestra: Engine = {
  name: 'orchestra',
  packages: ['tutti', '@photostructure/sqlite'],
  tells: true,
  tasks: {
    'durable-power': (size) => keeping(size, 'power'),
    'durable-process': (size) => keeping(size, 'process'),
  },
};

const manySteps = durableRuns * durableSteps;

/** The same with many runs at once. */
export const orchestra64: Engine = {
  ...orchestra,
  name: 'orchestra64',
  sizes: { 'durable-power': manySteps, 'durable-process': manySteps },
};

function keeping(size: number, durability: Durability): Task {
  const file = storeFile('tutti.db');
  const store = sqliteStore(file, { durability });
  const steps = Array.from({ length: durableSteps }, (_, index) => step(`s${index}`, incrementLater));
  const chain: Step<number, number> = sequence(...steps);
  const kept = new Orchestra({ store, workflows: [chain] });
  const one = async (input: number, listener: Listener): Promise<void> => {
    const { events$ } = await kept.start(chain, input);
    await new Promise<void>((complete, error) => {
      events$.subscribe({ next: listener.hear, complete, error });
    });
  };
  const run = async (input: number) => {
    const listener = new Listener();
    await Promise.all(Array.from({ length: size / durableSteps }, () => one(input, listener)));
    return listener.results();
  };
  // A row holds the events of one commit.
  const told = '"type":"step.completed"';
  const completed = `SELECT sum(length(body) - length(replace(body, '${told}', ''))) / ${told.length} AS count FROM events`;
  return Object.assign(run, { written: () => countIn(file, completed) });
}
