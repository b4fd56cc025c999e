import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeenKeys } from '../../../operators/compose/seen-keys.ts';

describe('SeenKeys', () => {
  it('knows what is new as a set of texts does', () => {
    const key = fc.oneof(
      fc.integer({ min: -3, max: 12 }),
      fc.constantFrom('1', '2', '02', '1.0', '-0', '', 'a', '1e3', '9007199254740993', -0, 0.5, Number.NaN),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 40 }), (keys) => {
        const seen = new SeenKeys();
        const set = new Set<string>();
        for (const one of keys) {
          const text = String(one);
          expect(seen.add(one)).toBe(!set.has(text));
          set.add(text);
        }
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('knows very many numbers that go up by one', () => {
    const seen = new SeenKeys();
    const fresh = Array.from({ length: 100_000 }, (_, key) => seen.add(key)).filter(Boolean);
    expect(fresh).toHaveLength(100_000);
    expect([seen.add(0), seen.add('99999'), seen.add(100_000)]).toEqual([false, false, true]);
  });
});
