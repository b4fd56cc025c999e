import { fresh, reasonOf } from './fresh.ts';
import type { Row, Section } from './result.ts';
import { median, spread } from './stats.ts';
import type { ClockName } from './workload.ts';

interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** What it takes, over a bare Node, to import a library, and to make a first run of 3 steps. */
export async function coldOf(
  engines: readonly string[],
  rounds: number,
  clock: ClockName,
): Promise<readonly Section[]> {
  const imports = [
    ['rxjs', ['rxjs']],
    ['tutti', ['tutti']],
    ['tutti, tutti/operators', ['tutti', 'tutti/operators']],
  ] as const;
  const contestants = [
    ...imports.map(([name, modules]) => ({ kind: 'import', name, args: ['import', ...modules] })),
    ...engines.map((name) => ({ kind: 'run', name, args: ['run', name] })),
  ];
  const starts: Start[][] = contestants.map(() => []);
  const errors = new Map<number, string>();
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      const at = (round + turn) % contestants.length;
      try {
        starts[at]?.push(await fresh<Start>('cold-worker.js', contestants[at]?.args ?? []));
      } catch (error) {
        errors.set(at, reasonOf(error));
      }
    }
  }
  const times = starts.map((all) => all.map((start) => (clock === 'cpu' ? start.cpuMs : start.wallMs)));
  const rowOf = (at: number, base: number): Row => {
    const own = times[at] ?? [];
    const error = errors.get(at);
    const ratios = own.flatMap((ms, round) => (times[base]?.[round] ?? Number.NaN) / ms);
    return {
      name: contestants[at]?.name ?? '',
      value: median(own),
      spread: spread(own),
      ...(base >= 0 && { ratio: median(ratios) }),
      ...(error !== undefined && { error }),
    };
  };
  const rowsOf = (kind: string): Row[] => {
    const base = contestants.findIndex((one) => one.kind === kind && one.name === 'rxjs');
    return contestants.flatMap((one, at) => (one.kind === kind ? rowOf(at, base) : []));
  };
  const importRows = rowsOf('import');
  const got = 1 / (importRows[1]?.ratio ?? Number.NaN);
  return [
    {
      name: 'cold-import',
      title: 'importing in a fresh process, over a bare Node',
      unit: 'ms',
      baseline: 'rxjs',
      rows: importRows,
      verdicts: [
        {
          mark: "cold start: import 'tutti' beside 'rxjs'",
          wanted: '<= 1.50',
          got: got.toFixed(2),
          met: got <= 1.5,
        },
      ],
    },
    {
      name: 'cold-run',
      title: 'importing and a first run of 3 steps in a fresh process, over a bare Node',
      unit: 'ms',
      baseline: 'rxjs',
      rows: rowsOf('run'),
      verdicts: [],
    },
  ];
}
