import { loadEngine } from './engines/load-engine.ts';
import { fresh, reasonOf } from './fresh.ts';
import type { Row, Section } from './result.ts';
import { median, spread } from './stats.ts';

/** The heap that a suspended run takes. */
export async function memoryOf(engines: readonly string[], launches: number): Promise<Section> {
  const bytes = new Map<string, number[]>();
  const errors = new Map<string, string>();
  const runs = new Map<string, number>();
  for (const name of engines) {
    const { suspend, sizes } = await loadEngine(name);
    if (suspend !== undefined) runs.set(name, sizes?.memory ?? 10_000);
  }
  for (let launch = 0; launch < launches; launch++) {
    for (const [name, count] of runs) {
      try {
        const got = await fresh<{ bytes: number }>(
          'memory-worker.js',
          [name, String(count)],
          ['--expose-gc'],
        );
        bytes.set(name, [...(bytes.get(name) ?? []), got.bytes]);
      } catch (error) {
        errors.set(name, reasonOf(error));
      }
    }
  }
  const base = median(bytes.get('events') ?? []);
  const rows = [...runs].map(([name, count]): Row => {
    const all = bytes.get(name) ?? [];
    const error = errors.get(name);
    return {
      name,
      value: median(all),
      spread: spread(all),
      ratio: base / median(all),
      ...(count !== 10_000 && { note: `${count} runs` }),
      ...(error !== undefined && { error }),
    };
  });
  const got = median(bytes.get('tutti') ?? []) / base;
  const verdicts = Number.isNaN(got)
    ? []
    : [{ mark: 'memory: bytes beside events', wanted: '< 1.50', got: got.toFixed(2), met: got < 1.5 }];
  return {
    name: 'memory',
    title: 'the heap of a run that waits in step 3 of 5, with 10,000 of them',
    unit: 'bytes per run',
    baseline: 'events',
    rows,
    verdicts,
  };
}
