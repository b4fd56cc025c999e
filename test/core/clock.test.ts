import { asapScheduler, VirtualAction, VirtualTimeScheduler } from 'rxjs';
import { marbles } from 'tutti/testing';
import { describe, expect, it, vi } from 'vitest';
import { Clock } from '../../src/core/clock.ts';

const longest = 2 ** 31 - 1;

/** A clock on a scheduler that notes what timers it is asked for. */
function noting() {
  const scheduler = new VirtualTimeScheduler(VirtualAction);
  const schedule = vi.spyOn(scheduler, 'schedule');
  const asked = (): unknown[] => schedule.mock.calls.map(([, ms]) => ms);
  return { asked, scheduler, clock: new Clock(scheduler) };
}

describe('Clock', () => {
  it('reads the time once in a turn', () => {
    const scheduler = { at: 5, now: vi.fn(() => scheduler.at), schedule: asapScheduler.schedule };
    const clock = new Clock(scheduler);
    expect(clock.at).toBe(5);
    scheduler.at = 7;
    expect(clock.at).toBe(5);
    expect(scheduler.now).toHaveBeenCalledTimes(1);
    clock.wake();
    expect(clock.at).toBe(7);
    scheduler.at = 9;
    expect(clock.now()).toBe(9);
    expect(clock.at).toBe(9);
  });

  it(
    'follows virtual time without being told',
    marbles((m) => {
      const clock = new Clock();
      const times: number[] = [clock.at];
      clock.after(3, () => times.push(clock.at));
      clock.after(1000, () => times.push(clock.at));
      m.flush();
      expect(times).toEqual([0, 3, 1000]);
    }),
  );

  it('goes with the time of the runtime', () => {
    const before = Date.now();
    const at = new Clock().now();
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now());
  });
});

describe('clock.after', () => {
  it(
    'calls back once, in time, unless it is unsubscribed before',
    marbles((m) => {
      const clock = new Clock();
      const calls: string[] = [];
      clock.after(5, () => calls.push(`a at ${clock.at}`));
      const timer = clock.after(5, () => calls.push('b'));
      clock.after(4, () => timer.unsubscribe());
      clock.after(0, () => calls.push(`c at ${clock.at}`));
      m.flush();
      expect(calls).toEqual(['c at 0', 'a at 5']);
      expect(m.scheduler.actions).toHaveLength(0);
    }),
  );

  it.each([
    [longest, [longest]],
    [longest + 1, [longest, 1]],
    [2 * longest, [longest, longest]],
    [3 * longest + 7, [longest, longest, longest, 7]],
  ])('waits %d ms in parts that timers can take', (ms, parts) => {
    const { asked, scheduler, clock } = noting();
    const calls: number[] = [];
    clock.after(ms, () => calls.push(clock.at));
    scheduler.flush();
    expect(calls).toEqual([ms]);
    expect(asked()).toEqual(parts);
  });

  it(
    'waits long in virtual time too',
    marbles((m) => {
      const clock = new Clock();
      const calls: number[] = [];
      const days = 100 * 24 * 60 * 60 * 1000;
      clock.after(days, () => calls.push(clock.at));
      m.flush();
      expect(calls).toEqual([days]);
    }),
  );

  it('can be unsubscribed in any part', () => {
    for (const part of [0, 1, 2]) {
      const { scheduler, clock } = noting();
      const callback = vi.fn();
      const timer = clock.after(2 * longest + 5, callback);
      scheduler.maxFrames = part * longest + 1;
      scheduler.flush();
      expect(scheduler.actions).toHaveLength(1);
      timer.unsubscribe();
      expect(scheduler.actions).toHaveLength(0);
      scheduler.maxFrames = Number.POSITIVE_INFINITY;
      scheduler.flush();
      expect(callback).not.toHaveBeenCalled();
    }
  });
});
