import { describe, expect, it } from 'vitest';
import { setPath } from '../../../src/cli/load/set-path.ts';

describe('setPath', () => {
  it('puts values into records and lists, and copies what it changes', () => {
    const input = { user: { name: 'Ada' }, list: [1, { n: 2 }] };
    expect(setPath(input, 'user.name=Bob')).toEqual({ ...input, user: { name: 'Bob' } });
    expect(setPath(input, 'list.1.n=[3]')).toEqual({ ...input, list: [1, { n: [3] }] });
    expect(setPath(undefined, 'a.b=x=y')).toEqual({ a: { b: 'x=y' } });
    expect(setPath({}, 'toString.a=1')).toEqual({ toString: { a: 1 } });
    expect(input.user.name).toBe('Ada');
  });

  it('refuses what cannot be set', () => {
    const refused = { name: 'UsageError', code: 'USAGE' };
    for (const set of [
      'a',
      '=1',
      'a..b=1',
      '__proto__.x=1',
      'a.constructor=1',
      'text.x=1',
      'list.5=1',
      'list.x=1',
    ])
      expect(() => setPath({ text: 'x', list: [] }, set), set).toThrow(expect.objectContaining(refused));
  });
});
