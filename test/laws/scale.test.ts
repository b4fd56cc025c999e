import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { EmptyCase } from './scale/empties.ts';
import { levels, type NestKind, type NestTally, outcomes } from './scale/nests.ts';
import type { Tally } from './scale/tally.ts';
import type { WideCase } from './scale/wide.ts';

const main = fileURLToPath(new URL('./scale/main.ts', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A guard against what hangs, not a measure of speed. */
const limitMs = 60_000;

/** Runs a case in a process of its own, where no code is warm and the stack is as small as it gets. */
async function inFreshProcess<T>(...args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', main, ...args], {
    cwd: root,
    timeout: limitMs,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout) as T;
}

/** All events of a run that completes after that many steps. */
const completed = (steps: number, output?: unknown): object => ({
  counts: {
    'run.started': 1,
    ...(steps > 0 ? { 'step.started': steps, 'step.completed': steps } : {}),
    'run.completed': 1,
  },
  end: 'run.completed',
  notification: 'complete',
  ...(output === undefined ? {} : { output }),
});

const failed = (counts: Tally['counts'], error = 'STEP_FAILED'): object => ({
  counts: { 'run.started': 1, ...counts, 'run.failed': 1 },
  end: 'run.failed',
  error,
  notification: 'complete',
});

const sumTo = (n: number): number => (n * (n + 1)) / 2;

const expectations: Readonly<Record<WideCase, object>> = {
  'a sequence of 100': completed(100, 100),
  'a sequence of 50,000 synchronous steps': completed(50_000, 50_000),
  'a sequence of 10,000 asynchronous steps': completed(10_000, 10_000),
  'a pipe of 50,000 steps': piped(50_000, 1),
  'a pipe of 50,000 values': piped(50_000, 50_000),
  'a parallel of 1,000': completed(1000, 1000),
  'a parallel of 20,000': completed(20_000, 20_000),
  'a parallel of 20,000 asynchronous steps, 100 at once': completed(20_000, 20_000),
  'a parallel of 20,000 of which one fails': failed({
    'step.started': 20_000,
    'step.failed': 1,
    'step.cancelled': 19_999,
  }),
  'a parallel of 20,000 that is cancelled': {
    counts: { 'run.started': 1, 'step.started': 20_000, 'step.cancelled': 20_000, 'run.cancelled': 1 },
    end: 'run.cancelled',
    notification: 'complete',
  },
  'a parallel of 20,000 that is unsubscribed': {
    counts: { 'run.started': 1, 'step.started': 20_000 },
    end: 'step.started',
    notification: 'none',
  },
  'a race of 10,000': {
    counts: {
      'run.started': 1,
      'step.started': 10_000,
      'step.completed': 1,
      'step.cancelled': 9999,
      'run.completed': 1,
    },
    end: 'run.completed',
    output: 1,
    notification: 'complete',
  },
  'a mapEach of 10,000': completed(10_000, 10_000),
  'a mapEach of 10,000 asynchronous steps, by key, settling': completed(10_000, 10_000),
  'a mapReduce of 10,000 with a fold': completed(10_000, sumTo(10_000)),
  'a loop of 100,000 synchronous passes': completed(100_000, 100_000),
  'a step tried 100,000 times without delay': failed({
    'step.started': 100_000,
    'step.retrying': 99_999,
    'step.failed': 1,
  }),
  'a graph of 200, a chain': completed(200, 200),
  'a graph of 2,000, a chain': completed(2000, 2000),
  'a graph of 2,000, each after two': completed(2000, 1000),
};

const empty: Readonly<Record<EmptyCase, object>> = {
  'an empty sequence': completed(0, 7),
  'an empty parallel record': completed(0, {}),
  'an empty parallel tuple, settling': completed(0, []),
  'an empty mapEach': completed(0, []),
  'an empty mapEach over an Observable': completed(0, []),
  'an empty mapEach over a step': completed(1, []),
  'an empty mapReduce': completed(0, 0),
  'an empty graph': completed(0, {}),
  'a step whose Observable completes empty': completed(1),
};

function piped(steps: number, values: number): object {
  return {
    counts: { 'step.started': steps, 'step.completed': steps, value: values },
    end: 'pipe',
    output: 50_000,
    notification: 'complete',
  };
}

/** How many steps ten thousand levels are: each level its own, or only the one in their midst. */
const stepsOf: Readonly<Record<NestKind, number>> = {
  named: levels + 1,
  workflow: levels,
  parallel: 1,
  adapters: 1,
  anonymous: 1,
  policy: 1,
};

describe('any size, in a fresh process', { timeout: limitMs * 2 }, () => {
  it.concurrent.each(Object.entries(expectations))('%s', async (name, expected) => {
    expect(await inFreshProcess<Tally>('wide', name)).toEqual(expected);
  });

  it.concurrent('nothing at all', async () => {
    expect(await inFreshProcess('empties')).toEqual(empty);
  });
});

describe('ten thousand levels, in a fresh process', { timeout: limitMs * 2 }, () => {
  const kinds = ['named', 'workflow', 'parallel', 'anonymous', 'policy'] as const;
  const cases = kinds.flatMap((kind) => outcomes.map((outcome) => [kind, outcome] as const));

  it.concurrent.each([...cases, ['adapters', 'success'] as const])('%s, to its %s', async (kind, outcome) => {
    const told = await inFreshProcess<NestTally>('nest', kind, outcome);
    const steps = stepsOf[kind];
    const ended = {
      success: 'step.completed',
      failure: 'step.failed',
      cancel: 'step.cancelled',
      unsubscribe: '',
    };
    const { 'step.started': started, [ended[outcome]]: ends = 0 } = told.counts;
    // A fallback of its own begins at every fifth level of policies, and fails too.
    const others = kind === 'policy' && outcome === 'failure' ? levels / 5 : 0;
    expect(started).toBe(steps + others);
    expect(ends).toBe(outcome === 'unsubscribe' ? 0 : steps + others);
    const end = {
      success: 'run.completed',
      failure: 'run.failed',
      cancel: 'run.cancelled',
      unsubscribe: 'step.started',
    };
    expect(told.end).toBe(end[outcome]);
    const cut = outcome === 'cancel' || outcome === 'unsubscribe';
    expect({ stopped: told.stopped, aborted: told.aborted }).toEqual({ stopped: cut, aborted: cut });
  });
});

describe('nothing quadratic', () => {
  it('does twice the work for twice as much', { timeout: limitMs * 2 }, async () => {
    const counted = await inFreshProcess<Record<string, readonly [number, number]>>('growth');
    const growth = Object.entries(counted).map(([name, [once, twice]]) => [name, twice / once] as const);
    expect(growth.length).toBeGreaterThan(10);
    expect(growth.filter(([, factor]) => factor < 1.5 || factor > 2.2)).toEqual([]);
  });
});
