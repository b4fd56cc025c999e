import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/core/chance.ts';

describe('systemRandom', () => {
  it('is at least 0 and less than 1, and not always the same', () => {
    const numbers = Array.from({ length: 1000 }, systemRandom);
    expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
    expect(new Set(numbers).size).toBeGreaterThan(1);
  });
});
