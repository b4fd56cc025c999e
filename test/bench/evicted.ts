import { fresh, reasonOf } from './fresh.ts';
import type { Section } from './result.ts';
import { median, spread } from './stats.ts';

const runs = 10_000;

/** As little as this is noise: a run that is left behind by mistake is some kilobytes. */
const noneBytes = 64;

/** The heap that a kept run takes while it waits and is in the store only. */
export async function evictedOf(launches: number): Promise<Section> {
  const bytes: number[] = [];
  let error: string | undefined;
  for (let launch = 0; launch < launches; launch++) {
    try {
      const got = await fresh<{ bytes: number }>('evicted-worker.js', [String(runs)], ['--expose-gc']);
      bytes.push(got.bytes);
    } catch (thrown) {
      error = reasonOf(thrown);
    }
  }
  const value = median(bytes);
  const failed = error !== undefined && { error };
  return {
    name: 'evicted',
    title: 'the heap of a kept run that waits and has left the memory, with 10,000 of them',
    unit: 'bytes per run',
    rows: [{ name: 'tutti', value, spread: spread(bytes), ...failed }],
    verdicts: [
      {
        mark: 'evicted: bytes of a run that only waits',
        wanted: `< ${noneBytes}`,
        got: value.toFixed(0),
        met: value < noneBytes,
      },
    ],
  };
}
