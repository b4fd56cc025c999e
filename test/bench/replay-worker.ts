// A process that makes a run of many steps, which then waits, and says what it takes to take it up again.
import { setTimeout } from 'node:timers/promises';
import { type Step, step } from 'tutti';
import { mapEach, sequence, waitFor } from 'tutti/operators';
import { Orchestra } from 'tutti/orchestra';
import { sqliteStore } from 'tutti/store/sqlite';
import { countIn, storeFile } from './store-file.ts';

/** One round. */
export interface Replayed {
  readonly readingMs: number;
  readonly takingUpMs: number;
}

const rounds = 5;
const size = Number(process.argv[2]);
const file = storeFile('replay.db');
let bodies = 0;
const item = step('item', async (value: number) => {
  bodies++;
  return value + 1;
});
const items = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const each = mapEach(item, { over: items, concurrency: 100 });
const flow: Step<number, unknown> = sequence(each, waitFor('go'));
const runId = 'replayed';
const settings = { workflows: [flow], evictAfter: 0, recoverEvery: false } as const;
const opened = () => sqliteStore(file, { durability: 'process' });

/** The run needs nobody. */
async function left(): Promise<void> {
  const waiting = `SELECT count(*) AS count FROM runs WHERE state = 'waiting' AND owner IS NULL`;
  while (countIn(file, waiting) !== 1) await setTimeout(20);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.({ type: 'minor' });
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function readAll(store: ReturnType<typeof opened>): Promise<void> {
  const limit = 2000;
  for (let from = 0, got = limit; got === limit; from += got)
    got = (await store.events(runId, { from, limit })).length;
  await store.journal(runId);
}

async function round(): Promise<Replayed> {
  const store = opened();
  // The file is opened, and its pages are in memory.
  await readAll(store);
  const readingMs = await timed(() => readAll(store));
  const orchestra = new Orchestra({ store, ...settings });
  // What it does not wait for has it taken up, and nothing else.
  const takingUpMs = await timed(() => orchestra.handle(runId).signal('something else'));
  await left();
  await orchestra.close();
  return { readingMs, takingUpMs };
}

const first = new Orchestra({ store: opened(), ...settings });
await first.start(flow, size, { runId });
await left();
await first.close();
const got: Replayed[] = [];
for (let count = 0; count < rounds; count++) got.push(await round());

const last = new Orchestra({ store: opened(), ...settings });
await last.handle(runId).signal('go', 7);
const result = await last.handle(runId).result();
await last.close();
if (result.state !== 'completed' || result.output !== 7 || bodies !== size)
  throw new RangeError(`wrong result: ${result.state}, ${bodies} bodies for ${size} steps`);
process.stdout.write(JSON.stringify(got));
