import type { RunEvent } from 'tutti';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Contestant } from './contestant.ts';
import type { Engine } from './engine.ts';
import { bare } from './engines/bare.ts';
import { events, sparing } from './engines/events.ts';
import { orchestra, orchestra64 } from './engines/orchestra.ts';
import { plain } from './engines/plain.ts';
import { tuttiWith } from './engines/policies.ts';
import { rxjs } from './engines/rxjs.ts';
import { tutti } from './engines/tutti.ts';
import { slopeOf } from './growth.ts';
import { marksText, overview, sectionText } from './print.ts';
import { Sampler } from './sampler.ts';
import { speedOf } from './speed.ts';
import { removeStores } from './store-file.ts';
import { workloads } from './workloads/all.ts';
import { chainAsync } from './workloads/chain.ts';
import { durablePower, durableProcess } from './workloads/durable.ts';
import { policies, policyNames } from './workloads/policies.ts';

const told = vi.hoisted((): RunEvent[] => []);

// every listener also writes down what it hears
vi.mock('./listener.ts', async (load) => {
  const { Listener } = await load<typeof import('./listener.ts')>();
  class Recorder extends Listener {
    constructor() {
      super();
      const { hear } = this;
      Object.defineProperty(this, 'hear', { value: (event: RunEvent) => hear(event) ?? told.push(event) });
    }
  }
  return { Listener: Recorder };
});

afterEach(() => {
  told.length = 0;
});

afterAll(removeStores);

const size = 20;
const speed = workloads.filter(({ engines }) => engines === undefined);

/** Events by run, but for what differs from run to run; where work is concurrent, the order is left to the engine. */
function comparable(all: readonly RunEvent[]): string[] {
  return all
    .map(({ runId: _, seq: __, at: ___, ...event }) =>
      JSON.stringify({ ...event, ...('durationMs' in event && { durationMs: 0 }) }),
    )
    .sort();
}

/** Whether each run numbers its events without gaps. */
function gapless(all: readonly RunEvent[]): boolean {
  const next = new Map<string, number>();
  return all.every(({ runId, seq }) => {
    const expected = next.get(runId) ?? 0;
    next.set(runId, expected + 1);
    return seq === expected;
  });
}

describe.each([tutti, events, sparing, plain, rxjs])('engine $name', (engine) => {
  it.each(speed)('does the work of $name, and says what it cost', async (workload) => {
    const sampler = new Sampler(engine, workload, size);
    await sampler.warm(1, 1);
    const { wallNs } = await sampler.sample();
    expect(wallNs).toBeGreaterThan(0);
  });

  it('ends the runs that it suspended', async () => {
    const outcomes = (await engine.suspend?.(size).release()) ?? [];
    expect(outcomes.reduce((total, { output }) => total + output, 0)).toBe(
      5 * size + (size * (size - 1)) / 2,
    );
    expect(outcomes.reduce((total, one) => total + one.events, 0)).toBe(engine.tells ? 12 * size : 0);
  });
});

describe('engine events', () => {
  it.each([...speed.map(({ name }) => name), 'map-stream'])(
    'makes the very events of Tutti at %s',
    async (name) => {
      await tutti.tasks[name]?.(size)(3);
      const wanted = told.splice(0);
      await events.tasks[name]?.(size)(3);
      expect(wanted.length).toBeGreaterThan(size);
      expect(gapless(told)).toBe(true);
      expect(comparable(told)).toEqual(comparable(wanted));
    },
  );
});

describe('engine tutti', () => {
  it.each(policyNames)('does the same work with %s around each step', async (name) => {
    const sampler = new Sampler(tuttiWith(name), policies, size);
    await expect(sampler.sample()).resolves.toHaveProperty('cpuNs');
  });

  it('nests steps', async () => {
    expect(await tutti.tasks.nesting?.(size)(1)).toEqual({ output: 2, events: 2 * size + 2 });
  });
});

describe.each([orchestra, orchestra64, bare])('engine $name', (engine) => {
  it.each([durablePower, durableProcess])('keeps every step of $name', async (workload) => {
    const sampler = new Sampler(engine, workload);
    await sampler.warm(1, 1);
    expect((await sampler.sample()).wallNs).toBeGreaterThan(0);
  });
});

describe('Sampler', () => {
  const lazy = (output: number, tells: boolean): Engine => ({
    name: 'lazy',
    packages: [],
    tells,
    tasks: Object.fromEntries(speed.map(({ name }) => [name, () => () => ({ output, events: 0 })])),
  });

  it.each(speed)('refuses an engine that computes nothing at $name', async (workload) => {
    await expect(new Sampler(lazy(0, false), workload, size).sample()).rejects.toThrow(/lazy at .*: got 0/);
  });

  it.each(speed)('refuses an engine that knows the result of $name and tells nothing', async (workload) => {
    const knowing = lazy(workload.output(size, 0), true);
    await expect(new Sampler(knowing, workload, size).sample()).rejects.toThrow(/with 0 events/);
  });

  it('refuses an engine that works its steps out and does not keep them', async () => {
    const task = Object.assign((input: number) => ({ output: input + 20, events: 0 }), { written: () => 0 });
    const forgetful = { ...lazy(0, false), tasks: { [durableProcess.name]: () => task } };
    await expect(new Sampler(forgetful, durableProcess).warm(1, 0)).rejects.toThrow(/has kept 0 steps, not/);
  });

  it('refuses an engine that gives the same result again', async () => {
    const repeating = new Sampler(lazy(size, false), chainAsync, size);
    await repeating.sample();
    await expect(repeating.sample()).rejects.toThrow(/input 1: got 20/);
  });
});

describe('speedOf', () => {
  /** Takes these times, one in each round. */
  function timed(engine: string, ...times: number[]): Contestant {
    return {
      engine,
      warm: () => Promise.resolve(),
      sample: () => {
        const ns = times.shift();
        return ns === undefined
          ? Promise.reject(new Error('no work'))
          : Promise.resolve({ wallNs: ns, cpuNs: 2 * ns });
      },
      stop: () => {},
    };
  }

  const effort = { launches: 1, rounds: 3, warmMs: 0, sampleMs: 0 };
  const contestants: Readonly<Record<string, () => Contestant>> = {
    tutti: () => timed('tutti', 100, 200, 300),
    events: () => timed('events', 50, 180, 240),
    rxjs: () => timed('rxjs'),
  };
  const opening = { open: (engine: string) => contestants[engine]!(), note: () => undefined };
  const measured = speedOf(chainAsync, ['tutti', 'events', 'rxjs'], opening, effort, 'wall');

  it('compares round by round, and prints who failed', async () => {
    expect(sectionText(await measured).split('\n')).toEqual([
      'a chain of 100 asynchronous steps',
      '',
      '|        | ns per step | x events | spread |                |',
      '| ------ | ----------: | -------: | -----: | -------------: |',
      '| tutti  |         200 |     0.80 |   50 % |                |',
      '| events |         180 |     1.00 |   53 % |                |',
      '| rxjs   |      FAILED |      NaN |  NaN % | Error: no work |',
      '',
    ]);
  });

  it('shows the clock that was asked for', async () => {
    const { rows } = await speedOf(chainAsync, ['events'], opening, effort, 'cpu');
    expect(rows[0]?.value).toBe(360);
  });

  it('holds Tutti against the marks', async () => {
    const { verdicts } = await measured;
    expect(marksText(verdicts)).toContain('| chain-async: as fast as events | >= 0.80 | 0.80 |     met |');
  });

  it('gives an overview, and JSON that holds every sample', async () => {
    const section = await measured;
    expect(overview([section], ['tutti', 'events', 'rxjs'])).toContain(
      '| chain-async | ns per step |   200 |',
    );
    expect(JSON.parse(JSON.stringify(section))).toMatchObject({
      samples: [{ engine: 'tutti', samples: [{ wallNs: 100, cpuNs: 200 }, {}, {}] }, {}, {}],
    });
  });
});

describe('slopeOf', () => {
  it('is 0 where a unit costs the same at any large size, and 1 where the cost grows as the size', () => {
    expect(slopeOf([10, 1000, 10_000].map((n) => ({ size: n, ns: n === 10 ? 90 : 5 })))).toBeCloseTo(0);
    expect(slopeOf([1000, 10_000].map((n) => ({ size: n, ns: 7 * n })))).toBeCloseTo(1);
  });
});
