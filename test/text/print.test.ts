import fc from 'fast-check';
import { parse, print } from 'tutti/text';
import { describe, expect, it } from 'vitest';
import { anyText, names } from './any-text.ts';
import { examples } from './examples.ts';

const numRuns = Number(process.env.TUTTI_PROPERTY_RUNS ?? 2000);
const seed = Number(process.env.TUTTI_PROPERTY_SEED ?? 20_260);

describe('print', () => {
  it.each(examples)('writes what was read: %s', (text) => {
    expect(print(parse(text, { providers: names }))).toBe(text);
  });

  it.each([
    ['  a \n THEN  b ', 'a THEN b'],
    ['a (retry up to 01 time)', 'a (retry up to 1 time on failure)'],
    ['a THEN b IF passing', 'a THEN b IF_SUCCESS'],
    ['a THEN b IF failing AND c', 'a THEN b IF_FAILURE AND c'],
    ['w: a  using   GPT-4 (retry up to 2 times)', 'w: a using GPT-4 (retry up to 2 times on failure)'],
  ])('writes %j in the one way', (text, expected) => {
    expect(print(parse(text, { providers: names }))).toBe(expected);
  });

  it('writes any tree so that it is read as the same tree', { timeout: 1_800_000 }, () => {
    let seen = 0;
    const property = fc.property(anyText, (text) => {
      const tree = parse(text, { providers: names });
      seen += tree.phases.length;
      expect(parse(print(tree), { providers: names })).toStrictEqual(tree);
    });
    fc.assert(property, { numRuns, seed });
    expect(seen).toBeGreaterThan(numRuns);
  });
});
