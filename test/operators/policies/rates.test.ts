import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Rate, TokenBucketRate, WindowRate } from '../../../operators/policies/rates.ts';

/** When those begin who come after these gaps, each as soon as it may, in order. */
function begins(rate: Rate, gaps: readonly number[]): number[] {
  let came = 0;
  let now = 0;
  return gaps.map((gap) => {
    came += gap;
    now = Math.max(now, came);
    now += rate.delayMs(now, 0);
    expect(rate.delayMs(now, 0)).toBeCloseTo(0);
    rate.take(now);
    return now;
  });
}

const limits = fc.integer({ min: 1, max: 5 });
const gaps = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 });

describe('WindowRate', () => {
  it('never lets more than its limit begin in one span, and nobody wait longer than that takes', () => {
    fc.assert(
      fc.property(limits, gaps, (limit, times) => {
        const begun = begins(new WindowRate(limit, 100), times);
        begun.forEach((time, i) => {
          const before = begun[i - limit];
          if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(100);
          const came = times.slice(0, i + 1).reduce((sum, gap) => sum + gap, 0);
          expect(time).toBe(Math.max(came, begun[i - 1] ?? 0, before === undefined ? 0 : before + 100));
        });
      }),
    );
  });

  it('foretells when those in line will begin', () => {
    fc.assert(
      fc.property(limits, gaps, (limit, times) => {
        const rate = new WindowRate(limit, 100);
        const now = begins(rate, [...times, 0, 0, 0, 0, 0]).at(-1) ?? 0;
        const foretold = [0, 1, 2, 3, 4, 5, 6].map((ahead) => now + rate.delayMs(now, ahead));
        if (rate.delayMs(now, 0) > 0) expect(begins(rate, [now, 0, 0, 0, 0, 0, 0])).toEqual(foretold);
      }),
    );
  });
});

describe('TokenBucketRate', () => {
  it('lets no more begin in any span than are in a full bucket and come in meanwhile', () => {
    fc.assert(
      fc.property(limits, gaps, (limit, times) => {
        const begun = begins(new TokenBucketRate(limit, 100), times);
        begun.forEach((from, i) => {
          begun.slice(i).forEach((to, count) => {
            expect(count + 1).toBeLessThanOrEqual(limit + ((to - from) * limit) / 100 + 1e-6);
          });
        });
      }),
    );
  });

  it('foretells when those in line will begin', () => {
    const rate = new TokenBucketRate(4, 100);
    for (let i = 0; i < 4; i++) rate.take(0);
    expect([0, 1, 2].map((ahead) => rate.delayMs(0, ahead))).toEqual([25, 50, 75]);
    expect(rate.freshAt).toBe(100);
  });
});
