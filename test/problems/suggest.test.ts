import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/problems/suggest.ts';

describe('suggest', () => {
  const names = ['summarize', 'translate', 'test', 'Classify'];

  it.each([
    ['sumarize', 'summarize'],
    ['trnaslate', 'translate'],
    ['tset', 'test'],
    ['classify', 'Classify'],
    ['CLASIFY', 'Classify'],
  ])('takes %s for %s', (given, meant) => {
    expect(suggest(given, names)).toBe(meant);
  });

  it.each(['moderate', 'x', '', 'summarizing everything'])('knows nothing like %j', (given) => {
    expect(suggest(given, names)).toBeUndefined();
  });

  it('finds the closest of several', () => {
    expect(suggest('draft22', ['draft', 'draft1', 'draft2', 'dratf'])).toBe('draft2');
  });

  it('does not compare what nobody mistypes', () => {
    const long = 'a'.repeat(100_000);
    expect(suggest(long, [`${long}b`])).toBeUndefined();
    expect(suggest('a', [long])).toBeUndefined();
  });

  it('has nothing to suggest without names', () => {
    expect(suggest('anything', [])).toBeUndefined();
  });
});
