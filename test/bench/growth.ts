import { fresh, reasonOf } from './fresh.ts';
import type { Row, Section, Verdict } from './result.ts';

interface Growing {
  readonly kind: string;
  readonly unit: string;
  readonly sizes: readonly number[];
}

/** What grows, from small to as large as it is promised to go. */
export const growing: readonly Growing[] = [
  { kind: 'chain-async', unit: 'steps of a chain', sizes: [10, 100, 1000, 10_000, 100_000] },
  { kind: 'fanout', unit: 'branches', sizes: [10, 100, 1000, 10_000, 100_000] },
  { kind: 'map-stream', unit: 'items of a streamed source', sizes: [1000, 10_000, 100_000, 1_000_000] },
  { kind: 'nesting', unit: 'levels of nesting', sizes: [10, 100, 1000, 10_000] },
  {
    kind: 'partials-burst',
    unit: 'partials',
    sizes: [10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000],
  },
];

/** The cost of a unit at one size. */
export interface Point {
  readonly size: number;
  readonly ns: number;
  readonly heapMb: number;
}

/** How the cost of a unit of one engine grows. */
export interface Curve {
  readonly kind: string;
  readonly unit: string;
  readonly engine: string;
  readonly points: readonly Point[];
  /** Of the logarithms: 0 is flat, 1 is a cost per unit that grows with the size. */
  readonly slope: number;
  readonly error?: string;
}

/** Measures one engine at growing sizes, each in a fresh process. */
export async function curveOf({ kind, unit, sizes }: Growing, engine: string): Promise<Curve> {
  const points: Point[] = [];
  try {
    for (const size of sizes) {
      const args = [engine, kind, String(size), '100'];
      const { ns, heapBytes } = await fresh<{ ns: number; heapBytes: number }>('growth-worker.js', args, [
        '--expose-gc',
      ]);
      points.push({ size, ns, heapMb: heapBytes / 1e6 });
    }
  } catch (error) {
    return { kind, unit, engine, points, slope: slopeOf(points), error: reasonOf(error) };
  }
  return { kind, unit, engine, points, slope: slopeOf(points) };
}

/** Below this size, what a run costs once is most of what there is to see. */
const FIXED_COSTS_UNTIL = 1000;

/** How much the heap may hold where items come and go. */
const BOUNDED_MB = 64;

/** The slope of the line through the points' logarithms that fits best, from 1,000 on. */
export function slopeOf(points: readonly Pick<Point, 'size' | 'ns'>[]): number {
  const large = points.filter(({ size }) => size >= FIXED_COSTS_UNTIL);
  const xs = large.map(({ size }) => Math.log(size));
  const ys = large.map(({ ns }) => Math.log(ns));
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const across = mean(xs.map((x, at) => (x - meanX) * (ys[at]! - meanY)));
  return across / mean(xs.map((x) => (x - meanX) ** 2));
}

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;

/** Flat enough: ten times the size costs at most a quarter more for each unit. */
const FLAT = 0.1;

/** The curves of one kind of growth as a section; only Tutti's has marks. */
export function growthSection(curves: readonly Curve[]): Section {
  const { kind = '', unit = '' } = curves[0] ?? {};
  const rows = curves.flatMap(rowsOf);
  const verdicts = curves.filter(({ engine }) => engine === 'tutti').flatMap(verdictsOf);
  return { name: `growth-${kind}`, title: `cost of each of many ${unit}`, unit: 'ns each', rows, verdicts };
}

function rowsOf({ engine, points, slope, error }: Curve): Row[] {
  const rows = points.map(({ size, ns, heapMb }, at) => ({
    name: `${engine}, ${size.toLocaleString('en-US')}`,
    value: ns,
    note: `${at === points.length - 1 ? `slope ${slope.toFixed(2)}, ` : ''}heap up to ${heapMb.toFixed(0)} MB`,
  }));
  return error === undefined ? rows : [...rows, { name: engine, value: Number.NaN, error }];
}

function verdictsOf({ kind, unit, points, slope, error }: Curve): Verdict[] {
  const flat: Verdict = {
    mark: `growth: ${unit}, slope`,
    wanted: `<= ${FLAT.toFixed(2)}`,
    got: slope.toFixed(2),
    met: error === undefined && slope <= FLAT,
  };
  const last = points.at(-1);
  if (kind !== 'map-stream' || last === undefined) return [flat];
  const bounded: Verdict = {
    mark: `growth: heap with ${last.size.toLocaleString('en-US')} ${unit}`,
    wanted: `< ${BOUNDED_MB} MB`,
    got: `${last.heapMb.toFixed(0)} MB`,
    met: last.heapMb < BOUNDED_MB,
  };
  return [flat, bounded];
}
