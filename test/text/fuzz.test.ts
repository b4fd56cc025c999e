import fc from 'fast-check';
import { DefinitionError, step } from 'tutti';
import { compile, parse, print, skillTable, type TextWorkflow } from 'tutti/text';
import { describe, expect, it } from 'vitest';
import { anyNoise, anyText, names } from './any-text.ts';
import { examples, providers } from './examples.ts';

const numRuns = Number(process.env.TUTTI_PROPERTY_RUNS ?? 2000);
const seed = Number(process.env.TUTTI_PROPERTY_SEED ?? 20_260);

const resolver = skillTable({ defaultSkill: step('any', () => 'done') });

/** What is read, or the one kind of error that there is. */
function read(text: string): TextWorkflow | DefinitionError {
  try {
    return parse(text, { providers: names });
  } catch (error) {
    if (error instanceof DefinitionError) return error;
    throw error;
  }
}

function judge(text: string): 'read' | 'refused' {
  const tree = read(text);
  if (tree instanceof DefinitionError) {
    expect(tree.problems.length).toBeGreaterThan(0);
    for (const { offset = -1, length = -1, line, column } of tree.problems) {
      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset + length).toBeLessThanOrEqual(text.length);
      expect(Math.min(line ?? 0, column ?? 0)).toBeGreaterThanOrEqual(1);
    }
    expect(tree.message.length).toBeLessThan(10_000);
    return 'refused';
  }
  expect(parse(print(tree), { providers: names })).toStrictEqual(tree);
  return 'read';
}

describe('any text at all', () => {
  it('is read, and written and read as the same, or refused with places', { timeout: 1_800_000 }, () => {
    const seen = { read: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: anyNoise }, fc.string({ unit: 'binary' })), (text) => {
        seen[judge(text)]++;
      }),
      { numRuns, seed },
    );
    // A property that never reads, or never refuses, says little.
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(numRuns / 20);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('is compiled where it means something, and refused else', { timeout: 1_800_000 }, () => {
    fc.assert(
      fc.property(fc.oneof(anyText, anyNoise), (text) => {
        try {
          compile(text, { resolver: { ...resolver, agent: () => resolver.defaultSkill }, providers });
        } catch (error) {
          expect(error).toBeInstanceOf(DefinitionError);
        }
      }),
      { numRuns: Math.ceil(numRuns / 4), seed },
    );
  });

  it('is refused in whatever way a good one is spoilt', { timeout: 1_800_000 }, () => {
    const texts = examples.map(([text]) => text);
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat(12), anyNoise, (text, at, cut, noise) => {
        const from = at % (text.length + 1);
        judge(text.slice(0, from) + noise + text.slice(from + cut));
      }),
      { numRuns, seed },
    );
  });
});

describe('a text without end', () => {
  /** How many milliseconds something takes, at best of three. */
  function timeOf(work: () => unknown): number {
    const times = [0, 1, 2].map(() => {
      const before = performance.now();
      work();
      return performance.now() - before;
    });
    return Math.min(...times);
  }

  it.each<readonly [string, (n: number) => string]>([
    ['phases', (n) => `${'a THEN '.repeat(n)}a`],
    ['tasks side by side', (n) => `${'a AND '.repeat(n)}a`],
    ['words', (n) => 'with '.repeat(n)],
    ['one word', (n) => 'x'.repeat(8 * n)],
    ['connectors', (n) => 'THEN AND '.repeat(n)],
    ['conditions', (n) => 'IF_SUCCESS IF_ANY_FAILED '.repeat(n)],
    ['retries', (n) => '(retry up to 2 times) '.repeat(n)],
    ['open parentheses', (n) => '('.repeat(8 * n)],
    ['quotes', (n) => '" '.repeat(4 * n + 1)],
    ['line ends', (n) => '\r\n'.repeat(4 * n)],
    ['conditions that there are not', (n) => `a THEN ${'IF_SUCCES '.repeat(n)}`],
    ['a condition that there is not', (n) => `a THEN IF_${'A'.repeat(8 * n)}`],
  ])('of many %s takes time in proportion', { timeout: 120_000 }, (_, make) => {
    const small = make(2_000);
    const large = make(64_000);
    timeOf(() => read(small));
    const [few, many] = [timeOf(() => read(small)), timeOf(() => read(large))];
    // 32 times as long: 32 times the time, with room for a busy machine; in square, it would be 1,024 times.
    expect(many).toBeLessThan(384 * Math.max(few, 2));
  });
});
