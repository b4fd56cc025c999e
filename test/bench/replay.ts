import { fresh, reasonOf } from './fresh.ts';
import type { Replayed } from './replay-worker.ts';
import type { Section } from './result.ts';
import { median, spread } from './stats.ts';

/** What it takes to take up a run of many steps, beside only reading its rows. */
export async function replayOf(launches: number): Promise<Section> {
  const got: Replayed[] = [];
  let error: string | undefined;
  for (let launch = 0; launch < launches; launch++) {
    try {
      got.push(...(await fresh<readonly Replayed[]>('replay-worker.js', ['10000'])));
    } catch (thrown) {
      error = reasonOf(thrown);
    }
  }
  const takingUp = got.map(({ takingUpMs }) => takingUpMs);
  const reading = got.map(({ readingMs }) => readingMs);
  const ratio = median(got.map(({ takingUpMs, readingMs }) => takingUpMs / readingMs));
  const failed = error !== undefined && { error };
  return {
    name: 'replay',
    title: 'going on with a run of 10,000 steps that have completed',
    unit: 'ms',
    baseline: 'reading',
    rows: [
      { name: 'taking up', value: median(takingUp), spread: spread(takingUp), ratio: 1 / ratio, ...failed },
      { name: 'reading its rows', value: median(reading), spread: spread(reading), ratio: 1, ...failed },
    ],
    verdicts: [
      {
        mark: 'replay: taking up 10,000 steps beside reading their rows',
        wanted: '<= 5.00',
        got: ratio.toFixed(2),
        met: ratio <= 5,
      },
    ],
  };
}
