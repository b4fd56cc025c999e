import { Observable } from 'rxjs';
import { run, type Step, step, workflow } from 'tutti';
import {
  branch,
  cache,
  fallback,
  graphOf,
  loop,
  mapEach,
  named,
  parallel,
  race,
  recover,
  retry,
  sequence,
  timeout,
} from 'tutti/operators';
import { type Tally, tally, tallyUntil } from './tally.ts';

type Num = Step<number, number, unknown>;

export const levels = 10_000;

const first = ([n = 0]: readonly number[]): number => n;

/** One more level around a step. */
const wraps = {
  named: (inner: Num, level: number): Num => named(`n${level}`, inner),
  workflow: (inner: Num, level: number): Num => workflow({ name: `w${level}` }, inner),
  parallel: (inner: Num): Num => parallel([inner]).map(first),
  adapters: (inner: Num): Num => inner.using((n: number) => n).map((n) => n),
  anonymous: (inner: Num, level: number): Num => {
    const kinds = [
      () => sequence(inner),
      () => race([inner]),
      () => branch(() => true, inner),
      () => loop(inner, { max: 1 }),
      () => mapEach(inner, { over: (n: number) => [n] }).map(first),
      () => graphOf({ a: { step: inner } }).map(Number),
    ] as const;
    return kinds[level % kinds.length]?.() ?? inner;
  },
  policy: (inner: Num, level: number): Num => {
    const policies = [
      (step: Num) => step.with(retry({ maxRetries: 1, on: () => false })),
      (step: Num) => step.with(timeout('1h')),
      (step: Num) => step.with(fallback(failing(`f${level}`))),
      (step: Num) =>
        step.with(
          recover((error): number => {
            throw error;
          }),
        ),
      (step: Num) => step.with(cache()),
    ] as const;
    return policies[level % policies.length]?.(inner) ?? inner;
  },
} as const;

export type NestKind = keyof typeof wraps;
export const outcomes = ['success', 'failure', 'cancel', 'unsubscribe'] as const;
export type Outcome = (typeof outcomes)[number];

/** What a nest tells, and whether the body in its midst was stopped. */
export interface NestTally extends Tally {
  readonly stopped: boolean;
  readonly aborted: boolean;
}

/** Runs a step ten thousand levels down, to one of four ends. */
export async function nest(kind: NestKind, outcome: Outcome): Promise<NestTally> {
  const held = { stopped: false, aborted: false };
  const run$ = (core: Num, signal?: AbortSignal) =>
    run(wrapped(kind, core), 1, signal === undefined ? {} : { signal });
  if (outcome === 'success') return { ...(await tally(run$(step('core', (n: number) => n + 1)))), ...held };
  if (outcome === 'failure') return { ...(await tally(run$(failing('core')))), ...held };
  const controller = new AbortController();
  const told = tallyUntil(run$(waiting(held), controller.signal), (subscription) =>
    outcome === 'cancel' ? controller.abort('enough') : subscription.unsubscribe(),
  );
  return { ...told, ...held };
}

function wrapped(kind: NestKind, core: Num): Num {
  let outer = core;
  for (let level = 0; level < levels; level++) outer = wraps[kind](outer, level);
  return outer;
}

const failing = (id: string): Num =>
  step(id, (_: number): number => {
    throw new TypeError('fails');
  });

const waiting = (held: { stopped: boolean; aborted: boolean }): Num =>
  step(
    'core',
    (_: number, { signal }) =>
      new Observable<number>(() => () => {
        held.stopped = true;
        held.aborted = signal.aborted;
      }),
  );
