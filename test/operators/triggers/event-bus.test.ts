import { setImmediate } from 'node:timers/promises';
import { config, type Observable, type Subscription, VirtualTimeScheduler } from 'rxjs';
import { DefinitionError, originalError, step } from 'tutti';
import {
  type BusEvent,
  eventBus,
  HandlerDroppedError,
  type HandlerFailure,
  ofType,
  onEach,
} from 'tutti/operators';
import { marbles } from 'tutti/testing';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';

interface Events {
  readonly a: number;
  readonly b: string;
  readonly tick: undefined;
}

const broken = new RangeError('broken');

/** A handler that waits until it is let go on. */
class Gate {
  readonly #waiting: ((failure?: unknown) => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push((failure) => (failure === undefined ? resolve() : reject(failure)));
    });
  }

  /** Lets the one that has waited longest go on, or fail, and what follows happen. */
  async open(failure?: unknown): Promise<void> {
    this.#waiting.shift()?.(failure);
    await setImmediate();
  }
}

describe('eventBus', () => {
  afterEach(() => {
    config.onUnhandledError = null;
    vi.useRealTimers();
  });

  it('calls the handlers of a type with its events', () => {
    const scheduler = new VirtualTimeScheduler();
    const bus = eventBus<Events>({ scheduler });
    const seen: unknown[] = [];
    bus.on('a', (event) => seen.push(event));
    bus.on('b', ({ data }) => seen.push(data));
    bus.emit('a', 1);
    scheduler.frame = 5;
    bus.emit('b', 'x');
    bus.emit('tick');
    expect(seen).toEqual([{ type: 'a', data: 1, at: 0 }, 'x']);
    expect(bus.history).toEqual([
      { type: 'a', data: 1, at: 0 },
      { type: 'b', data: 'x', at: 5 },
      { type: 'tick', data: undefined, at: 5 },
    ]);
  });

  it('calls the handlers of an event in order, each once the one before has ended', async () => {
    const bus = eventBus<Events>();
    const gate = new Gate();
    const seen: string[] = [];
    bus.on('a', async () => {
      seen.push('first begins');
      await gate.wait();
      seen.push('first ends');
    });
    bus.on('a', () => {
      seen.push('second');
    });
    bus.on('a', () => gate.wait().then(() => seen.push('third')));
    const emitted = bus.emit('a', 1).then(() => seen.push('emitted'));
    await setImmediate();
    expect(seen).toEqual(['first begins']);
    await gate.open();
    expect(seen).toEqual(['first begins', 'first ends', 'second']);
    await gate.open();
    await emitted;
    expect(seen).toEqual(['first begins', 'first ends', 'second', 'third', 'emitted']);
  });

  it('waits for whatever can be waited for', async () => {
    const bus = eventBus<Events>();
    const seen: unknown[] = [];
    // As promises of other libraries are: no `Promise`, but with a `then`.
    class Foreign {
      // biome-ignore lint/suspicious/noThenProperty: that is what it is for
      then(resolve: (value: unknown) => void): void {
        setImmediate().then(() => resolve(seen.push('first')));
      }
    }
    bus.on('a', () => new Foreign());
    bus.on('a', () => seen.push('second'));
    await bus.emit('a', 1);
    expect(seen).toEqual(['first', 'second']);
  });

  it('lets a handler emit, and wait for what becomes of it', async () => {
    const bus = eventBus<Events>();
    const seen: string[] = [];
    bus.on('a', async ({ data }) => {
      seen.push('a begins');
      await bus.emit('b', `${data}`);
      seen.push('a ends');
    });
    bus.on('b', async ({ data }) => {
      await setImmediate();
      seen.push(`b ${data}`);
    });
    await bus.emit('a', 1);
    expect(seen).toEqual(['a begins', 'b 1', 'a ends']);
    expect(bus.history.map(({ type }) => type)).toEqual(['a', 'b']);
  });

  it('handles what a handler emits after what was emitted before, everywhere in the same order', () => {
    const bus = eventBus<Events>();
    const seen: string[] = [];
    bus.on('a', ({ data }) => {
      seen.push(`first ${data}`);
      if (data < 3) {
        bus.emit('a', data + 1);
        bus.emit('b', 'x');
      }
    });
    bus.on('a', ({ data }) => seen.push(`second ${data}`));
    bus.events$.subscribe(({ type, data }) => seen.push(`${type} ${data}`));
    bus.emit('a', 2);
    expect(seen).toEqual(['a 2', 'first 2', 'second 2', 'a 3', 'first 3', 'second 3', 'b x']);
  });

  it('tells all who listen to events$ in the same order, whoever emits meanwhile', () => {
    const bus = eventBus<Events>();
    const seen: string[] = [];
    bus.events$.pipe(ofType('a')).subscribe(({ data }) => {
      if (data < 3) bus.emit('a', data + 1);
    });
    bus.events$.pipe(ofType('a')).subscribe(({ data }) => seen.push(`${data}`));
    bus.emit('a', 1);
    expect(seen).toEqual(['1', '2', '3']);
  });

  it('does not hold up an event because the handlers of another take their time', async () => {
    const bus = eventBus<Events>();
    const gate = new Gate();
    const seen: number[] = [];
    bus.on('a', async ({ data }) => {
      if (data === 1) await gate.wait();
      seen.push(data);
    });
    const [first, second] = [bus.emit('a', 1), bus.emit('a', 2)];
    await second;
    expect(seen).toEqual([2]);
    await gate.open();
    await first;
    expect(seen).toEqual([2, 1]);
  });

  it('takes 50,000 events of which each is emitted by the handler of the one before', {
    timeout: 60_000,
  }, async () => {
    const bus = eventBus<Events>({ history: 2 });
    let last = 0;
    bus.on('a', ({ data }) => {
      last = data;
      if (data < 50_000) bus.emit('a', data + 1);
    });
    await bus.emit('a', 1);
    expect(last).toBe(50_000);
    expect(bus.history.map(({ data }) => data)).toEqual([49_999, 50_000]);
  });

  it('takes 50,000 handlers that wait within one another', { timeout: 60_000 }, async () => {
    const bus = eventBus<Events>({ history: 0 });
    let ended = 0;
    bus.on('a', async ({ data }) => {
      if (data < 50_000) await bus.emit('a', data + 1);
      ended++;
    });
    await bus.emit('a', 1);
    expect(ended).toBe(50_000);
  });

  it.each([
    [undefined, 1000],
    [3, 3],
    [0, 0],
    [Number.POSITIVE_INFINITY, 1007],
  ])('keeps the last events: of history %s, %s', (history, kept) => {
    const bus = eventBus<Events>({ ...(history !== undefined && { history }) });
    for (let n = 0; n < 1007; n++) bus.emit('a', n);
    expect(bus.history.map(({ data }) => data)).toEqual(
      Array.from({ length: kept }, (_, n) => 1007 - kept + n),
    );
  });

  it('gives a history of its own to each who asks', () => {
    const bus = eventBus<Events>();
    const before = bus.history;
    bus.emit('a', 1);
    expect(before).toEqual([]);
    expect(bus.history).toHaveLength(1);
  });

  it('tells of a handler that fails, calls the others, and keeps its promise', async () => {
    const bus = eventBus<Events>();
    const failures: HandlerFailure<Events>[] = [];
    const seen: string[] = [];
    bus.failures$.subscribe((failure) => failures.push(failure));
    bus.on('a', () => {
      throw broken;
    });
    bus.on('a', () => seen.push('second'));
    bus.on('a', () => Promise.reject(broken));
    bus.on('a', () => seen.push('fourth'));
    await bus.emit('a', 1);
    expect(seen).toEqual(['second', 'fourth']);
    expect(failures).toMatchObject([
      {
        event: { type: 'a', data: 1 },
        error: { name: 'RangeError', message: 'broken' },
        failuresInARow: 1,
        dropped: false,
      },
      { event: { type: 'a', data: 1 }, failuresInARow: 1, dropped: false },
    ]);
    expect(failures.map(({ error }) => originalError(error))).toEqual([broken, broken]);
  });

  it('drops a handler that fails five times in a row, and says so', () => {
    const bus = eventBus<Events>();
    const failures: HandlerFailure<Events>[] = [];
    bus.failures$.subscribe((failure) => failures.push(failure));
    let called = 0;
    let beside = 0;
    const subscription = bus.on('a', () => {
      called++;
      throw broken;
    });
    bus.on('a', () => {
      beside++;
    });
    for (let n = 0; n < 7; n++) bus.emit('a', n);
    expect({ called, beside }).toEqual({ called: 5, beside: 7 });
    expect(failures.map(({ failuresInARow, dropped }) => [failuresInARow, dropped])).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, false],
      [5, true],
    ]);
    expect(subscription.closed).toBe(true);
  });

  it('reports a failure later as unhandled, where nobody listens to failures$, and says so when a handler is dropped', () => {
    vi.useFakeTimers();
    const unhandled: unknown[] = [];
    config.onUnhandledError = (error) => unhandled.push(error);
    const bus = eventBus<Events>({ maxFailures: 2 });
    bus.on('a', () => {
      throw broken;
    });
    bus.failures$.subscribe().unsubscribe();
    bus.emit('a', 1);
    bus.emit('a', 2);
    expect(unhandled).toEqual([]);
    vi.runAllTimers();
    expect(unhandled).toEqual([broken, expect.any(HandlerDroppedError)]);
    expect(unhandled[0]).toBe(broken);
    expect(unhandled[1]).toMatchObject({
      code: 'HANDLER_DROPPED',
      eventType: 'a',
      failuresInARow: 2,
      cause: broken,
      message: 'a handler of "a" failed 2 times in a row, and is not called any more',
    });
  });

  it('throws a failure where nothing catches it, where nobody listens at all', () => {
    vi.useFakeTimers();
    const bus = eventBus<Events>();
    bus.on('a', () => {
      throw broken;
    });
    expect(() => bus.emit('a', 1)).not.toThrow();
    expect(() => vi.runAllTimers()).toThrow(broken);
  });

  it('reports no failure that is told by failures$', () => {
    vi.useFakeTimers();
    const unhandled: unknown[] = [];
    config.onUnhandledError = (error) => unhandled.push(error);
    const bus = eventBus<Events>({ maxFailures: 1 });
    bus.failures$.subscribe();
    bus.on('a', () => {
      throw broken;
    });
    bus.emit('a', 1);
    vi.runAllTimers();
    expect(unhandled).toEqual([]);
  });

  it('forgets the failures of a handler that succeeds', async () => {
    const bus = eventBus<Events>({ maxFailures: 2 });
    const counts: number[] = [];
    bus.failures$.subscribe(({ failuresInARow }) => counts.push(failuresInARow));
    let called = 0;
    bus.on('a', async ({ data }) => {
      called++;
      if (data % 2 === 0) throw broken;
    });
    for (let n = 0; n < 6; n++) await bus.emit('a', n);
    expect(called).toBe(6);
    expect(counts).toEqual([1, 1, 1]);
  });

  it('drops a handler once, though more of its calls fail that were under way', async () => {
    const bus = eventBus<Events>({ maxFailures: 2 });
    const gate = new Gate();
    const dropped: boolean[] = [];
    bus.failures$.subscribe((failure) => dropped.push(failure.dropped));
    bus.on('a', () => gate.wait());
    const emitted = [1, 2, 3].map((n) => bus.emit('a', n));
    for (const _ of emitted) await gate.open(broken);
    await Promise.all(emitted);
    expect(dropped).toEqual([false, true, false]);
  });

  it('lets failures be emitted as events', () => {
    const bus = eventBus<Events>({ maxFailures: 3 });
    const told: string[] = [];
    bus.failures$.subscribe(({ error }) => bus.emit('b', error.message));
    bus.on('b', ({ data }) => told.push(data));
    bus.on('a', () => {
      throw broken;
    });
    bus.emit('a', 1);
    expect(told).toEqual(['broken']);
  });

  it('does not call a handler that was unsubscribed, not even for an event under way', () => {
    const bus = eventBus<Events>();
    const seen: string[] = [];
    bus.on('a', () => {
      seen.push('first');
      second.unsubscribe();
    });
    const second = bus.on('a', () => seen.push('second'));
    bus.emit('a', 1);
    bus.emit('a', 2);
    expect(seen).toEqual(['first', 'first']);
  });

  it('calls a handler that is put on while an event is handled from the next event on', () => {
    const bus = eventBus<Events>();
    const seen: number[] = [];
    bus.on('a', ({ data }) => {
      if (data === 1) bus.on('a', (event) => seen.push(event.data));
    });
    bus.emit('a', 1);
    bus.emit('a', 2);
    expect(seen).toEqual([2]);
  });

  it('calls one function as often as it is put on', () => {
    const bus = eventBus<Events>();
    let called = 0;
    const count = (): void => {
      called++;
    };
    const first = bus.on('a', count);
    bus.on('a', count);
    bus.emit('a', 1);
    first.unsubscribe();
    bus.emit('a', 2);
    expect(called).toBe(3);
  });

  it('tells of failures that come late, and completes: events$ at once, failures$ once handlers have ended', async () => {
    const bus = eventBus<Events>();
    const gate = new Gate();
    const seen: string[] = [];
    bus.events$.subscribe({ next: ({ type }) => seen.push(type), complete: () => seen.push('events$|') });
    bus.failures$.subscribe({ next: () => seen.push('failure'), complete: () => seen.push('failures$|') });
    bus.on('a', () => gate.wait());
    const emitted = bus.emit('a', 1);
    bus.complete();
    bus.complete();
    await bus.emit('b', 'ignored');
    expect(seen).toEqual(['a', 'events$|']);
    await gate.open(broken);
    await emitted;
    expect(seen).toEqual(['a', 'events$|', 'failure', 'failures$|']);
    expect(bus.history).toHaveLength(1);
  });

  it('completes after what a handler emitted before', () => {
    const bus = eventBus<Events>();
    const seen: string[] = [];
    bus.events$.subscribe({ next: ({ type }) => seen.push(type), complete: () => seen.push('|') });
    bus.failures$.subscribe({ complete: () => seen.push('failures$|') });
    bus.on('a', () => {
      bus.emit('b', 'x');
      bus.complete();
      bus.emit('tick');
    });
    bus.emit('a', 1);
    expect(seen).toEqual(['a', 'b', 'failures$|', '|']);
  });

  it(
    'triggers runs, whose outputs are events again',
    marbles((m) => {
      const bus = eventBus<Events>();
      const slow = step('slow', (n: number) => m.cold(`--(${n}|)`));
      bus.events$
        .pipe(ofType('a'), onEach(slow, { input: ({ data }) => data }), ofType('run.completed'))
        .subscribe({ next: ({ output }) => bus.emit('b', output), complete: () => bus.complete() });
      m.cold('ab|').subscribe((letter) => bus.emit('a', letter === 'a' ? 1 : 2));
      m.flush();
      expect(bus.history).toEqual([
        { type: 'a', data: 1, at: 0 },
        { type: 'a', data: 2, at: 1 },
        { type: 'b', data: '1', at: 2 },
        { type: 'b', data: '2', at: 4 },
      ]);
    }),
  );

  it.each([
    { history: -1 },
    { history: 1.5 },
    { history: Number.NaN },
    { maxFailures: 0 },
    { maxFailures: 2.5 },
  ])('refuses %o', (options) => {
    expect(() => eventBus(options)).toThrow(DefinitionError);
  });

  it('types its events by their names', () => {
    const bus = eventBus<Events>();
    type Any = BusEvent<'a', number> | BusEvent<'b', string> | BusEvent<'tick', undefined>;
    expectTypeOf(bus.events$).toEqualTypeOf<Observable<Any>>();
    expectTypeOf(bus.history).toEqualTypeOf<readonly Any[]>();
    expectTypeOf(bus.on('b', ({ data }) => data.length)).toEqualTypeOf<Subscription>();
    // @ts-expect-error: its data is a number
    () => bus.emit('a', 'x');
    // @ts-expect-error: it has data
    () => bus.emit('a');
    // @ts-expect-error: no such event
    () => bus.emit('c', 1);
    // @ts-expect-error: no such event
    () => bus.on('c', () => 1);
  });
});
