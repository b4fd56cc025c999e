import { describe, expect, it } from 'vitest';
import { type LaneWaiter, RateLanes } from '../../../operators/policies/rate-lanes.ts';
import { WindowRate } from '../../../operators/policies/rates.ts';

const lanesOf = (perMs: number): RateLanes => new RateLanes(() => new WindowRate(1, perMs), perMs);

describe('RateLanes', () => {
  it('forgets the keys of 10,000 once they are of no more use', () => {
    const lanes = lanesOf(100);
    for (let i = 0; i < 10_000; i++) lanes.of(`key ${i}`, i / 100).take(i / 100);
    expect(lanes.size).toBe(10_000);
    lanes.of('another', 201).take(201);
    expect(lanes.size).toBe(1);
  });

  it('keeps a key for as long as it limits', () => {
    const lanes = lanesOf(100);
    expect(lanes.of('a', 0).take(0)).toBe(true);
    expect(lanes.of('b', 99).take(99)).toBe(true);
    expect(lanes.of('c', 100).take(100)).toBe(true);
    expect(lanes.size).toBe(2);
    expect(lanes.of('b', 198).take(198)).toBe(false);
    expect(lanes.of('b', 199).take(199)).toBe(true);
  });

  it('keeps a key for which somebody waits', () => {
    const lanes = lanesOf(100);
    const lane = lanes.of('a', 0);
    lane.take(0);
    const waiter: LaneWaiter = { active: true, now: () => 0, wakeIn: () => {}, admit: () => {} };
    const place = lane.join(waiter);
    lanes.of('b', 500);
    expect(lanes.of('a', 1000)).toBe(lane);
    lane.leave(place);
    expect(lanes.of('a', 2000)).not.toBe(lane);
  });
});
