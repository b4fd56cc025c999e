import { lastValueFrom, NEVER, Observable, of, Subject, take, toArray } from 'rxjs';
import {
  InputValidationError,
  originalError,
  pendingStatus,
  type RunEvent,
  type RunHandle,
  type RunResult,
  reduceStatus,
  start,
  step,
  workflow,
} from 'tutti';
import { named, parallel } from 'tutti/operators';
import { checkEvents, fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { z } from 'zod';
import { listen, ofType, settled, told } from './support.ts';

const double = step('double', (n: number) => 2 * n);
const endless = step('endless', () => NEVER);

/** A step that streams what is given to it, until that completes. */
function gated() {
  const gate = new Subject<string>();
  return { gate, s: step('s', (_: unknown) => gate) };
}

describe('start', () => {
  it('begins at once, whether anybody listens or not', async () => {
    const body = vi.fn(() => 7);
    const handle = start(step('s', body), 1);
    expect(body).toHaveBeenCalledTimes(1);
    expect(await handle.result()).toMatchObject({ state: 'completed', output: 7 });
    expect(body).toHaveBeenCalledTimes(1);
  });

  it('takes the options of a run', () => {
    const s = step('s', (_: unknown, { runId, sessionId, context }) => ({ runId, sessionId, context }));
    const handle = start(s, 1, { runId: 'r1', sessionId: 'x', context: 3 });
    expect(handle.runId).toBe('r1');
    expect(listen(handle.events$).at(-1)).toMatchObject({
      runId: 'r1',
      output: { runId: 'r1', sessionId: 'x', context: 3 },
    });
  });

  it('makes an id for the run', () => {
    const handle = start(double, 1);
    expect(handle.runId).toBe(listen(handle.events$)[0]?.runId);
    expect(handle.runId).not.toBe(start(double, 1).runId);
  });

  it('throws at once for an input that is refused', () => {
    const w = workflow({ name: 'w', input: z.number().positive() }, double);
    expect(() => start(w, -1)).toThrow(InputValidationError);
  });

  it('is cancelled by the signal that it is given', async () => {
    const controller = new AbortController();
    const handle = start(endless, 1, { signal: controller.signal });
    controller.abort('enough');
    expect(await handle.result()).toMatchObject({ state: 'cancelled', reason: 'enough' });
  });

  it(
    'runs on the time of its scheduler',
    marbles((m) => {
      const handle = start(fakeStep(m, 's', '--a--|'), 1);
      m.expectRun(handle.events$).toBe('(run> s>) 2ms s. 3ms (s| run|)');
    }),
  );
});

describe('handle.events$', () => {
  it('tells all from the beginning, then what happens, to whoever comes, whenever', () => {
    const { gate, s } = gated();
    const handle = start(s, 1);
    const early = listen(handle.events$);
    expect(told(early)).toBe('run> s>');
    gate.next('a');
    const later = listen(handle.events$);
    expect(told(later)).toBe('run> s> s.');
    gate.next('b');
    gate.complete();
    const latest = listen(handle.events$);
    expect(told(early)).toBe('run> s> s. s. s| run|');
    expect(later).toEqual(early);
    expect(latest).toEqual(early);
    expect(latest[2]).toBe(early[2]);
    expect(checkEvents(early)).toEqual([]);
  });

  it('completes with the run, and for those who come afterwards', async () => {
    const { gate, s } = gated();
    const handle = start(s, 1);
    const complete = vi.fn();
    handle.events$.subscribe({ complete });
    expect(complete).not.toHaveBeenCalled();
    gate.complete();
    expect(complete).toHaveBeenCalledTimes(1);
    handle.events$.subscribe({ complete });
    expect(complete).toHaveBeenCalledTimes(2);
    expect(await lastValueFrom(handle.events$.pipe(toArray()))).toHaveLength(4);
  });

  it('stops listening when unsubscribed, and the run goes on', async () => {
    const { gate, s } = gated();
    const handle = start(s, 1);
    const events: RunEvent[] = [];
    const subscription = handle.events$.subscribe((event) => events.push(event));
    const others = listen(handle.events$.pipe(take(3)));
    subscription.unsubscribe();
    gate.next('a');
    gate.next('b');
    gate.complete();
    expect(told(events)).toBe('run> s>');
    expect(told(others)).toBe('run> s> s.');
    expect(await handle.result()).toMatchObject({ state: 'completed', output: 'b' });
  });

  it('replays no further than is asked for', () => {
    const handle = start(
      step('s', () => of(1, 2, 3)),
      1,
    );
    const whole = listen(handle.events$);
    for (let n = 0; n <= whole.length; n++)
      expect(listen(handle.events$.pipe(take(n)))).toEqual(whole.slice(0, n));
  });

  it('does not care for a listener that throws', async () => {
    const { config } = await import('rxjs');
    const reported = vi.fn();
    config.onUnhandledError = reported;
    const { gate, s } = gated();
    const handle = start(s, 1);
    const broken = new Error('broken');
    handle.events$.subscribe(() => {
      throw broken;
    });
    const events = listen(handle.events$);
    gate.complete();
    await vi.waitFor(() => expect(reported).toHaveBeenCalledTimes(4));
    config.onUnhandledError = null;
    expect(told(events)).toBe('run> s> s| run|');
  });
});

describe('handle.result', () => {
  it('says how the run ended, as data', async () => {
    const paying = step('paying', (n: number, ctx) => {
      ctx.cost({ usd: 2 });
      return n;
    });
    expect(await start(paying, 7, { runId: 'r1' }).result()).toEqual({
      runId: 'r1',
      state: 'completed',
      output: 7,
      costUsd: 2,
      durationMs: expect.any(Number),
    });
  });

  it('does not reject for a failure, and keeps the original error within reach', async () => {
    const broken = new TypeError('broken');
    const failing = step('s', () => {
      throw broken;
    });
    const result = await start(failing, 1).result();
    expect(result).toMatchObject({ state: 'failed', error: { name: 'TypeError', message: 'broken' } });
    expect(result).not.toHaveProperty('output');
    expect(result.state === 'failed' && originalError(result.error)).toBe(broken);
  });

  it('does not reject for a cancellation', async () => {
    const handle = start(endless, 1);
    const result = handle.result();
    handle.cancel('enough');
    expect(await result).toMatchObject({ state: 'cancelled', reason: 'enough', costUsd: 0 });
    expect(await handle.result()).toEqual(await result);
  });

  it('waits for the end', async () => {
    const { gate, s } = gated();
    const then = vi.fn();
    start(s, 1).result().then(then);
    await settled();
    expect(then).not.toHaveBeenCalled();
    gate.complete();
    await settled();
    expect(then).toHaveBeenCalledTimes(1);
  });

  it('is typed by the output', () => {
    const handle = start(double, 1);
    expectTypeOf(handle).toEqualTypeOf<RunHandle<number>>();
    expectTypeOf(handle.result()).toEqualTypeOf<Promise<RunResult<number>>>();
    expectTypeOf(handle.events$).toEqualTypeOf<Observable<RunEvent<number>>>();
    () =>
      handle.result().then((result) => {
        // @ts-expect-error: it may have failed
        result.output;
        if (result.state === 'completed') expectTypeOf(result.output).toEqualTypeOf<number>();
      });
    // @ts-expect-error: a text is no number
    () => start(double, 'x');
  });
});

describe('handle.status', () => {
  it('says how the run stands, now', () => {
    const { gate, s } = gated();
    const handle = start(named('outer', s), 1, { runId: 'r1' });
    const before = handle.status();
    expect(before).toMatchObject({ runId: 'r1', state: 'running', currentStep: '/outer/s', seq: 2 });
    expect(handle.status()).toBe(before);
    gate.complete();
    expect(handle.status()).toMatchObject({
      state: 'completed',
      currentStep: undefined,
      completedSteps: ['/outer', '/outer/s'],
    });
    expect(before).toMatchObject({ state: 'running', currentStep: '/outer/s' });
  });

  it('is what reduceStatus makes of the events', () => {
    const handle = start(parallel([double, double]), 1);
    const reduced = listen(handle.events$).reduce(reduceStatus, pendingStatus);
    expect(JSON.stringify(handle.status())).toBe(JSON.stringify(reduced));
    expect(handle.status().seq).toBe(5);
  });
});

describe('handle.cancel', () => {
  it('ends the run gracefully', () => {
    const teardown = vi.fn();
    const s = step('s', () => new Observable(() => teardown));
    const handle = start(named('outer', s), 1);
    const events = listen(handle.events$);
    handle.cancel('enough');
    expect(told(events)).toBe('run> outer> outer/s> outer/s! outer! run!');
    expect(ofType(events, 'step.cancelled').map(({ reason }) => reason)).toEqual(['enough', 'enough']);
    expect(events.at(-1)).toMatchObject({ type: 'run.cancelled', reason: 'enough' });
    expect(teardown).toHaveBeenCalledTimes(1);
    expect(checkEvents(events)).toEqual([]);
  });

  it('gives a reason of its own where none is given', () => {
    const handle = start(endless, 1);
    handle.cancel();
    expect(listen(handle.events$).at(-1)).toMatchObject({ reason: 'cancelled' });
  });

  it('does nothing when the run has ended, by itself or so', () => {
    const ended = start(double, 1);
    ended.cancel('too late');
    expect(told(listen(ended.events$))).toBe('run> double> double| run|');
    const cancelled = start(endless, 1);
    cancelled.cancel('first');
    cancelled.cancel('second');
    expect(told(listen(cancelled.events$))).toBe('run> endless> endless! run!');
    expect(listen(cancelled.events$).at(-1)).toMatchObject({ reason: 'first' });
  });

  it('counts what cancelling costs', async () => {
    const s = step('s', (_: unknown, { signal, cost }) => {
      signal.addEventListener('abort', () => cost({ usd: 2 }));
      return NEVER;
    });
    const handle = start(s, 1);
    handle.cancel();
    expect(await handle.result()).toMatchObject({ state: 'cancelled', costUsd: 2 });
  });

  it('says when it happened', () => {
    const scheduler = { at: 0, now: () => scheduler.at, schedule: () => expect.fail('no timer is needed') };
    const { gate, s } = gated();
    const handle = start(s, 1, { scheduler });
    scheduler.at = 10;
    gate.next('a');
    scheduler.at = 30;
    handle.cancel();
    expect(listen(handle.events$).map(({ at }) => at)).toEqual([0, 0, 10, 30, 30]);
  });
});

describe('a handle, used by a listener while it listens,', () => {
  /** A run that has told four events and waits. */
  function waiting() {
    const { gate, s } = gated();
    const handle = start(named('outer', s), 1);
    gate.next('a');
    return { gate, handle, whole: listen(handle.events$) };
  }
  const indices = [0, 1, 2, 3];

  it.each(indices)('is cancelled while event %i is replayed', async (index) => {
    const { handle, whole } = waiting();
    expect(whole).toHaveLength(4);
    const complete = vi.fn();
    const events: RunEvent[] = [];
    handle.events$.subscribe({
      next: (event) => {
        events.push(event);
        if (event.seq === index) handle.cancel('enough');
      },
      complete,
    });
    expect(told(events)).toBe('run> outer> outer/s> outer/s. outer/s! outer! run!');
    expect(whole).toEqual(events);
    expect(complete).toHaveBeenCalledTimes(1);
    expect(checkEvents(events)).toEqual([]);
    expect(await handle.result()).toMatchObject({ state: 'cancelled' });
  });

  it.each([4, 5, 6])('is cancelled while event %i comes', (index) => {
    const { gate, handle } = waiting();
    const complete = vi.fn();
    const first = listen(handle.events$);
    const events: RunEvent[] = [];
    handle.events$.subscribe({
      next: (event) => {
        events.push(event);
        if (event.seq === index) handle.cancel('enough');
      },
      complete,
    });
    gate.next('b');
    gate.complete();
    expect(checkEvents(events)).toEqual([]);
    expect(first).toEqual(events);
    expect(events.at(-1)).toMatchObject({ type: 'run.cancelled', seq: 7 });
    expect(complete).toHaveBeenCalledTimes(1);
  });

  it.each(indices)('goes on while event %i is replayed', (index) => {
    const { gate, handle, whole } = waiting();
    const complete = vi.fn();
    const events: RunEvent[] = [];
    handle.events$.subscribe({
      next: (event) => {
        events.push(event);
        if (event.seq !== index) return;
        gate.next('b');
        gate.complete();
      },
      complete,
    });
    expect(told(events)).toBe('run> outer> outer/s> outer/s. outer/s. outer/s| outer| run|');
    expect(whole).toEqual(events);
    expect(complete).toHaveBeenCalledTimes(1);
  });

  it.each(indices)('is listened to by another while event %i is replayed', (index) => {
    const { gate, handle } = waiting();
    const inner: RunEvent[][] = [];
    const events: RunEvent[] = [];
    handle.events$.subscribe((event) => {
      events.push(event);
      if (event.seq === index) inner.push(listen(handle.events$));
    });
    gate.complete();
    expect(inner).toEqual([events]);
    expect(events.at(-1)).toMatchObject({ type: 'run.completed' });
  });

  it('tells each listener one event at a time', () => {
    const { gate, handle } = waiting();
    const notes: string[] = [];
    handle.events$.subscribe(({ seq }) => {
      notes.push(`hears ${seq}`);
      if (seq === 1) gate.next('b');
      if (seq === 4) handle.cancel('enough');
      notes.push(`heard ${seq}`);
    });
    expect(notes).toEqual([0, 1, 2, 3, 4, 5, 6, 7].flatMap((seq) => [`hears ${seq}`, `heard ${seq}`]));
  });

  it.each(indices)('is left while event %i is replayed, and the run goes on', (index) => {
    const { gate, handle } = waiting();
    const events = listen(handle.events$.pipe(take(index + 1)));
    gate.complete();
    expect(events).toHaveLength(index + 1);
    expect(handle.status().state).toBe('completed');
  });

  it('is listened to by another while an event comes', () => {
    const { gate, handle, whole } = waiting();
    const inner: RunEvent[][] = [];
    handle.events$.subscribe((event) => {
      if (event.seq === 4) inner.push(listen(handle.events$));
    });
    gate.next('b');
    gate.complete();
    expect(inner).toEqual([whole]);
  });

  it('says how it stands at the event that is heard, and gives its result', async () => {
    const { gate, handle } = waiting();
    const seen: unknown[] = [];
    handle.events$.subscribe((event) => {
      if (event.type !== 'run.completed') return;
      seen.push(handle.status().state);
      handle.result().then((result) => seen.push(result.state));
    });
    gate.complete();
    await settled();
    expect(seen).toEqual(['completed', 'completed']);
  });
});
