import { fresh } from './fresh.ts';
import type { Row, Section } from './result.ts';

/** What a million runs, one after another, leave on the heap. */
export async function leftOf(engines: readonly string[], runs: number): Promise<Section> {
  const rows: Row[] = [];
  for (const name of engines) {
    const { leftBytes } = await fresh<{ leftBytes: number }>(
      'runs-worker.js',
      [name, String(runs)],
      ['--expose-gc'],
    );
    rows.push({ name, value: leftBytes / 1000 });
  }
  const left = rows.find(({ name }) => name === 'tutti')?.value;
  const verdicts =
    left === undefined
      ? []
      : [
          {
            mark: `growth: heap after ${runs.toLocaleString('en-US')} runs`,
            wanted: '< 1,000 kB more',
            got: `${left.toFixed(0)} kB`,
            met: left < 1000,
          },
        ];
  return {
    name: 'growth-runs',
    title: 'left on the heap by runs of 3 steps, one after another',
    unit: 'kB',
    rows,
    verdicts,
  };
}
