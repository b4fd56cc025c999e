// A process that makes many runs one after another, and says what they left on the heap.
import { loadEngine } from './engines/load-engine.ts';

const [name = '', count = ''] = process.argv.slice(2);
const task = (await loadEngine(name)).tasks['chain-async']?.(3);
if (task === undefined) throw new RangeError(`${name} has no chain`);
const heap = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
for (let run = 0; run < 10_000; run++) await task(run);
const before = heap();
for (let run = 0; run < Number(count); run++) await task(run);
process.stdout.write(JSON.stringify({ leftBytes: heap() - before }));
