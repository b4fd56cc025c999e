import { describe, expect, it } from 'vitest';
import { Places } from '../../src/core/places.ts';

describe('Places', () => {
  it('gives the path of each sibling, below whatever place is asked for', () => {
    const places = new Places(['/a', '', '/b~2']);
    for (const below of ['/x', '', '/x', '/y[1]'])
      expect([0, 1, 2].map((position) => places.at(below, position))).toEqual([
        `${below}/a`,
        below,
        `${below}/b~2`,
      ]);
  });
});
