/** A place in what a process does at which it may be killed. */
export const points = [
  'any-moment',
  'after-create',
  'after-take',
  'while-replaying',
  'after-body-before-commit',
  'before-commit',
  'while-committing',
  'after-commit-before-told',
] as const;

export type Point = (typeof points)[number];

/** When a process is to be killed. */
export interface Plan {
  readonly point: Point;
  /** The n-th time that it comes there, from 1. */
  readonly nth: number;
  /** How long after that, in microseconds, for points that last. */
  readonly delayUs: number;
}

/** What a worker needs to know before it is told what to do. */
export interface Place {
  readonly store:
    | { readonly kind: 'sqlite'; readonly file: string; readonly durability: 'power' | 'process' }
    | { readonly kind: 'postgres'; readonly url: string; readonly schema: string };
  /** The file that bodies write their starts and ends to. */
  readonly ledger: string;
}

/** What a worker is told to do: the next life of a run, until the plan ends it. */
export interface Task {
  readonly runId: string;
  /** Its number, from 0. */
  readonly life: number;
  readonly plan: Plan | undefined;
}

/** Numbers from 0 to 1 that a seed decides: mulberry32. */
export function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A plan for one life of a run. */
export function planOf(random: () => number, life: number): Plan {
  const possible = points.filter((point) =>
    life === 0 ? !/take|replaying/.test(point) : point !== 'after-create',
  );
  const point = possible[Math.floor(random() * possible.length)] as Point;
  const once = point === 'after-create' || point === 'after-take' || point === 'while-replaying';
  const nth = once ? 1 : 1 + Math.floor(random() * 8);
  // A moment of the whole life, or of what does not last long.
  const longestUs = point === 'any-moment' ? 150_000 : 3000;
  return { point, nth, delayUs: Math.floor(random() * longestUs) };
}
