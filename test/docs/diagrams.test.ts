import { describe, expect, it } from 'vitest';
import { root } from '../house/docs.ts';
import { allOperators } from '../house/operators-page.ts';
import { readDiagram } from './diagram.ts';
import { marksOf, untrueOf } from './drawing.ts';
import { play } from './play.ts';

/** What the steps of some diagrams are given; others, a text. */
const inputs: Readonly<Record<string, unknown>> = {
  assign: { text: 'a b' },
  fold: ['x', 'y'],
  mapEach: ['x', 'y'],
  mapReduce: ['x', 'y'],
  route: { kind: 'idea' },
};

/** What is not true of each run of a diagram. */
const untrue = (lines: readonly string[], input?: unknown): string[][] =>
  play(lines, input).map(({ drawn, events }) => untrueOf(drawn, events));

describe('the diagram', () => {
  const operators = allOperators(root).filter(({ file }) => /^operators\/(compose|policies)\//.test(file));

  it.each(operators)('of $name is what happens', ({ name, diagram }) => {
    const { runs } = readDiagram(diagram);
    expect(runs.length).toBeGreaterThan(0);
    expect(untrue(diagram, inputs[name])).toEqual(runs.map(() => []));
    expect(runs.every(({ drawn }) => marksOf(drawn).some(({ text }) => text === '|' || text === '#'))).toBe(
      true,
    );
  });
});

describe('untrueOf', () => {
  const a = 'a                --(value A)|';

  it('finds nothing in what is true', () => {
    expect(untrue([a, 'sequence(a, a)   (a started)--(a completed)--|'])).toEqual([[]]);
  });

  it('finds wrong times, ends, steps and events', () => {
    expect(untrue([a, 'sequence(a, a)   (a started)-(a completed)---#'])).toEqual([
      ['a completed at 1 ms', '# at 4 ms'],
    ]);
    expect(untrue([a, 'sequence(a, a)   --(a completed, b started, retrying)--|'])).toEqual([
      ['b started at 2 ms', 'retrying at 2 ms'],
    ]);
  });
});
