import type { Contestant } from './contestant.ts';
import { type Effort, type Measured, measure } from './measure.ts';
import type { Row, Section, Verdict } from './result.ts';
import type { Sample } from './sampler.ts';
import { median, spread } from './stats.ts';
import type { ClockName, Workload } from './workload.ts';

/** How a contestant is found, and what is to be said of it. */
export interface Opening {
  readonly open: (engine: string, workload: string) => Contestant | Promise<Contestant>;
  readonly note: (engine: string, workload: Workload) => string | undefined;
}

/** Measures engines at one workload, and compares them. */
export async function speedOf(
  workload: Workload,
  engines: readonly string[],
  { open, note }: Opening,
  effort: Effort,
  wanted: ClockName,
): Promise<Section> {
  const clock = workload.clock ?? wanted;
  const measured = await measure(engines, (engine) => open(engine, workload.name), effort);
  const baseline = workload.baseline ?? 'events';
  const base = measured.find(({ engine }) => engine === baseline);
  const rows = measured.map((one): Row => {
    const times = one.samples.map(timeBy(clock));
    const said = note(one.engine, workload);
    return {
      name: one.engine,
      value: median(times),
      spread: spread(times),
      ...(base !== undefined && { ratio: ratioOf(base, one, clock) }),
      ...(said !== undefined && { note: said }),
      ...(one.error !== undefined && { error: one.error }),
    };
  });
  const { name, title, unit } = workload;
  const verdicts = verdictsOf(workload, measured, clock);
  const times = `ns per ${unit}${clock === wanted ? '' : `, ${clock} time`}`;
  return { name, title, unit: times, baseline, rows, verdicts, samples: measured };
}

const timeBy = (clock: ClockName) => (sample: Sample) => (clock === 'cpu' ? sample.cpuNs : sample.wallNs);

/** How many times as fast as `base` one is: each round compared by itself, so that a slow minute slows both. */
function ratioOf(base: Measured, one: Measured, clock: ClockName): number {
  const time = timeBy(clock);
  const rounds = Math.min(base.samples.length, one.samples.length);
  return median(
    Array.from({ length: rounds }, (_, round) => time(base.samples[round]!) / time(one.samples[round]!)),
  );
}

function verdictsOf(workload: Workload, measured: readonly Measured[], clock: ClockName): Verdict[] {
  const called = (name: string): Measured | undefined => measured.find(({ engine }) => engine === name);
  return workload.marks.flatMap(({ of, engine, atLeast }) => {
    const own = called(of ?? 'tutti');
    const other = called(engine);
    if (own === undefined || other === undefined) return [];
    const got = ratioOf(other, own, clock);
    const mark = `${workload.name}: ${of === undefined ? '' : `${of} `}as fast as ${engine}`;
    return [{ mark, wanted: `>= ${atLeast.toFixed(2)}`, got: got.toFixed(2), met: got >= atLeast }];
  });
}
