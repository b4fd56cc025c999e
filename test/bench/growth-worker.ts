// A process that does one kind of work at one size, and says what a unit of it costs.
import { loadEngine } from './engines/load-engine.ts';

const [name = '', kind = '', sizeText = '', warmText = ''] = process.argv.slice(2);
const { tasks } = await loadEngine(name);
const taskOf = tasks[kind];
if (taskOf === undefined) throw new RangeError(`${name} has no ${kind}`);
const size = Number(sizeText);

// The code is made warm with small work, so that small and large are measured alike.
const small = taskOf(Math.min(size, Number(warmText)));
for (const until = performance.now() + 500; performance.now() < until; ) await small(1);

const task = taskOf(size);
await task(0);
globalThis.gc?.({ type: 'minor' });
const samples: number[] = [];
let heapBytes = 0;
const watch = setInterval(() => {
  heapBytes = Math.max(heapBytes, process.memoryUsage().heapUsed);
}, 20);
for (let tookMs = 0, round = 0; round < 3 || tookMs < 200; round++) {
  const before = process.cpuUsage();
  const repetitions = Math.max(1, Math.round(20_000 / size));
  for (let left = repetitions; left > 0; left--) await task(round);
  const { user, system } = process.cpuUsage(before);
  tookMs += (user + system) / 1000;
  samples.push(((user + system) * 1000) / (repetitions * size));
  await new Promise((resolve) => setImmediate(resolve));
  if (tookMs > 10_000) break;
}
clearInterval(watch);
heapBytes = Math.max(heapBytes, process.memoryUsage().heapUsed);
process.stdout.write(JSON.stringify({ ns: samples.sort((a, b) => a - b)[samples.length >> 1], heapBytes }));
