// A process that starts kept runs which wait, lets them leave the memory, and says how much heap one of them still takes.
import { setTimeout } from 'node:timers/promises';
import { type Step, step } from 'tutti';
import { sequence, waitFor } from 'tutti/operators';
import { Orchestra } from 'tutti/orchestra';
import { sqliteStore } from 'tutti/store/sqlite';
import { incrementLater } from './bodies.ts';
import { quietHeap } from './quiet-heap.ts';
import { countIn, storeFile } from './store-file.ts';

const size = Number(process.argv[2]);
const file = storeFile('evicted.db');
const flow: Step<number, unknown> = sequence(step('before', incrementLater), waitFor('go'));
const orchestra = new Orchestra({
  store: sqliteStore(file, { durability: 'process' }),
  workflows: [flow],
  evictAfter: 0,
  recoverEvery: false,
});

/** Starts runs, and waits until none of them needs anybody. */
async function suspend(from: number, to: number): Promise<void> {
  const atOnce = 500;
  for (let first = from; first < to; first += atOnce) {
    const inputs = Array.from({ length: Math.min(atOnce, to - first) }, (_, index) => first + index);
    await Promise.all(inputs.map((input) => orchestra.start(flow, input, { runId: `run-${input}` })));
  }
  const waiting = `SELECT count(*) AS count FROM runs WHERE state = 'waiting' AND owner IS NULL`;
  while (countIn(file, waiting) !== to) await setTimeout(50);
}

/** Refuses runs that are not in the store. */
async function finish(input: number): Promise<void> {
  const handle = orchestra.handle(`run-${input}`);
  await handle.signal('go', input);
  const result = await handle.result();
  if (result.state !== 'completed' || result.output !== input)
    throw new RangeError(`run ${input}: ${result.state}`);
}

// What is made once is not charged to the runs.
const before = 1000;
await suspend(0, before);
const heap = await quietHeap();
await suspend(before, before + size);
const bytes = ((await quietHeap()) - heap) / size;
for (let input = 0; input < before + size; input += 500) await finish(input);
await orchestra.close();
process.stdout.write(JSON.stringify({ bytes }));
