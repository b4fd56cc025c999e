// A process that starts runs which wait in the third of five steps, and says how much heap one of them takes.
import type { Suspended } from './engine.ts';
import { loadEngine } from './engines/load-engine.ts';
import { quietHeap } from './quiet-heap.ts';

const [name = '', count = ''] = process.argv.slice(2);
const engine = await loadEngine(name);
const runs = Number(count);
const { suspend } = engine;
if (suspend === undefined) throw new RangeError(`${name} has no suspended runs`);

/** Lets runs end, and refuses any that did not do its work: each adds 5 to its input. */
async function finish(suspended: Suspended, started: number): Promise<void> {
  const outcomes = await suspended.release();
  const output = outcomes.reduce((total, one) => total + one.output, 0);
  const events = outcomes.reduce((total, one) => total + one.events, 0);
  const wanted = 5 * started + (started * (started - 1)) / 2;
  const told = engine.tells ? 12 * started : 0;
  if (output !== wanted || events !== told)
    throw new RangeError(`${name}: wrong result ${output}, ${events} events`);
}

// what is made once is not charged to the runs
await finish(suspend(20), 20);
const before = await quietHeap();
const suspended = suspend(runs);
const bytes = ((await quietHeap()) - before) / runs;
await finish(suspended, runs);
process.stdout.write(JSON.stringify({ bytes }));
