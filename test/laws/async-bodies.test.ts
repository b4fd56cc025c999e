import { setImmediate } from 'node:timers/promises';
import { takeWhile } from 'rxjs';
import { type RunEvent, run, type Step, step } from 'tutti';
import { fallback, mapEach, parallel, race, retry, sequence } from 'tutti/operators';
import { checkEvents } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

/** Bodies that take their time in turns of the event loop, and know whether they are let go of. */
class Bodies {
  running = 0;
  begun = 0;

  promise(id: string, turns: number): Step<number, number> {
    return step(id, async (n: number, { signal, cost }) => {
      this.begun++;
      cost({ usd: 1 });
      for (let turn = 0; turn < turns && !signal.aborted; turn++) await setImmediate();
      return n + 1;
    });
  }

  generator(id: string, turns: number): Step<number, number, number> {
    const enter = (): void => {
      this.begun++;
      this.running++;
    };
    const leave = (): void => {
      this.running--;
    };
    return step(id, async function* (n: number, { cost }) {
      enter();
      try {
        for (let turn = 0; turn < turns; turn++) {
          yield turn;
          await setImmediate();
        }
        cost({ usd: 1 });
        return n + 1;
      } finally {
        leave();
      }
    });
  }

  failing(id: string): Step<number, number> {
    return step(id, async (_: number): Promise<number> => {
      this.begun++;
      await setImmediate();
      throw new TypeError(id);
    });
  }

  async *items(count: number): AsyncGenerator<number> {
    this.running++;
    try {
      for (let item = 0; item < count; item++) {
        yield item;
        await setImmediate();
      }
    } finally {
      this.running--;
    }
  }
}

const slowly = z.number().refine(async () => {
  await setImmediate();
  return true;
});

const refusing = z.number().refine(async () => {
  await setImmediate();
  return false;
});

const subjects: Readonly<Record<string, (bodies: Bodies) => Step<number, unknown, unknown>>> = {
  'a promise': (b) => b.promise('a', 2),
  'an async generator': (b) => b.generator('a', 2),
  'a promise that rejects': (b) => b.failing('a').with(retry({ maxRetries: 1, delay: 0 })),
  'side by side': (b) =>
    sequence(
      parallel({ a: b.generator('a', 2), b: b.promise('b', 1) }),
      b.promise('c', 1).using(() => 0),
    ),
  'the first of several': (b) =>
    sequence(race([b.generator('a', 4), b.promise('b', 1), b.generator('c', 3)]), b.generator('d', 1)),
  'items of an async generator': (b) =>
    mapEach(b.generator('a', 1), { over: (n: number) => b.items(n), keyBy: String, concurrency: 2 }),
  'items of an async generator, of which one fails': (b) =>
    mapEach(b.failing('a'), { over: (n: number) => b.items(n), keyBy: String, concurrency: 2 }),
  'items that a generator streams': (b) =>
    mapEach(b.promise('a', 2), { over: b.generator('items', 3), keyBy: String }),
  'schemas that take their time': (b) =>
    sequence(
      step({ id: 'checked', input: slowly, output: slowly, run: (n: number) => n + 1 }),
      b.generator('a', 1).with(fallback(b.promise('f', 1))),
    ),
  'schemas that refuse': (b) =>
    parallel(
      [
        step({ id: 'in', input: refusing, run: (n: number) => n + 1 }),
        step({ id: 'out', output: refusing, run: (n: number) => n + 1 }),
        b.generator('a', 3),
        b.failing('b'),
      ],
      { failure: 'settle' },
    ),
  'schemas that refuse, side by side': (b) =>
    parallel([
      step({ id: 'in', input: refusing, run: (n: number) => n + 1 }),
      step({ id: 'other', input: refusing, run: (n: number) => n + 1 }),
      b.generator('a', 3),
    ]),
  'a schema that refuses too late': (b) =>
    sequence(
      race([
        step({ id: 'in', input: refusing, run: (n: number) => n + 1 }),
        step({ id: 'out', output: refusing, run: (n: number) => n + 1 }),
        b.promise('a', 0),
      ]),
      b.generator('c', 3),
    ),
};

interface Heard {
  readonly bodies: Bodies;
  readonly events: readonly RunEvent[];
  readonly completed: boolean;
  /** Bodies that began after it had been stopped. */
  readonly late: number;
}

/** Runs to the end of everything, with something done at an event. */
async function hear(
  make: (bodies: Bodies) => Step<number, unknown, unknown>,
  at = -1,
  deed = 'none',
): Promise<Heard> {
  const bodies = new Bodies();
  const controller = new AbortController();
  const events: RunEvent[] = [];
  let completed = false;
  let begun = Number.POSITIVE_INFINITY;
  run(make(bodies), 3, { signal: controller.signal })
    .pipe(takeWhile((event) => deed !== 'unsubscribe' || event.seq < at, true))
    .subscribe({
      next: (event) => {
        events.push(event);
        if (event.seq !== at) return;
        begun = bodies.begun;
        if (deed === 'abort') controller.abort('enough');
      },
      complete: () => {
        completed = true;
      },
    });
  for (let turn = 0; turn < 12; turn++) await setImmediate();
  return { bodies, events, completed, late: Math.max(0, bodies.begun - begun) };
}

describe.each(Object.entries(subjects))('%s', (_, make) => {
  it('keeps the promises to its end', async () => {
    const { events, completed, bodies } = await hear(make);
    expect(completed).toBe(true);
    expect(checkEvents(events)).toEqual([]);
    expect(bodies.running).toBe(0);
  });

  it('leaves nothing behind when unsubscribed at any event', async () => {
    const { length } = (await hear(make)).events;
    for (let at = 0; at < length; at++) {
      const { events, bodies, late } = await hear(make, at, 'unsubscribe');
      expect({ at, heard: events.length, running: bodies.running, late }).toEqual({
        at,
        heard: at + 1,
        running: 0,
        late: 0,
      });
      expect(checkEvents(events, { cut: true })).toEqual([]);
    }
  });

  it('ends gracefully when its signal aborts at any event', async () => {
    const { length } = (await hear(make)).events;
    for (let at = 0; at < length - 1; at++) {
      const { events, bodies, late, completed } = await hear(make, at, 'abort');
      const end = events.at(-1)?.type;
      expect({ at, end, completed, running: bodies.running, late }).toEqual({
        at,
        end: 'run.cancelled',
        completed: true,
        running: 0,
        late: 0,
      });
      expect(checkEvents(events)).toEqual([]);
    }
  });
});
