import { setTimeout } from 'node:timers/promises';

/** The heap in use, once nothing happens any more. */
export async function quietHeap(): Promise<number> {
  let before = Number.NaN;
  for (;;) {
    await setTimeout(100);
    globalThis.gc?.();
    const { heapUsed } = process.memoryUsage();
    if (Math.abs(heapUsed - before) < 2048) return heapUsed;
    before = heapUsed;
  }
}
