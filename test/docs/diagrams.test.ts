import { concatMap, EMPTY, from, type Observable, of, throwError, timer } from 'rxjs';
import { type RunEvent, run, type Step, step } from 'tutti';
import { marbles } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { root } from '../house/docs.ts';
import { allOperators } from '../house/operators-page.ts';
import { Evaluator, readDiagram } from './diagram.ts';
import { marksOf, untrueOf } from './drawing.ts';

/** What the steps of some diagrams are given; others, a text. */
const inputs: Readonly<Record<string, unknown>> = {
  assign: { text: 'a b' },
  fold: ['x', 'y'],
  mapEach: ['x', 'y'],
  mapReduce: ['x', 'y'],
  route: { kind: 'idea' },
};

/** A step that does what is drawn, one script for each call, the last again and again. */
function drawnStep(id: string, scripts: readonly [string, ...string[]]): Step<unknown, unknown, unknown> {
  let calls = 0;
  return step(id, (_: unknown, { cost }): Observable<unknown> => {
    const marks = marksOf(scripts[Math.min(calls++, scripts.length - 1)] ?? '');
    return from(marks.map((mark, n) => ({ ...mark, after: mark.at - (marks[n - 1]?.at ?? 0) }))).pipe(
      concatMap(({ after, text }) => timer(after).pipe(concatMap(() => done(text, cost)))),
    );
  });
}

function done(text: string, cost: (cost: { usd: number }) => void): Observable<unknown> {
  if (text === '|') return EMPTY;
  if (text === '#') return throwError(() => new RangeError('drawn'));
  if (!text.startsWith('$')) return of(text.replace('value ', ''));
  cost({ usd: Number(text.slice(1)) });
  return EMPTY;
}

/** Runs a diagram in virtual time, and says for each of its runs what is not true of it. */
function play(lines: readonly string[], input: unknown = 'x'): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  marbles((m) => {
    const { steps, names, runs } = readDiagram(lines);
    const evaluator = new Evaluator();
    for (const { id, scripts } of steps) evaluator.define(id, drawnStep(id, scripts));
    for (const { name, code } of names) evaluator.define(name, evaluator.evaluate(code));
    const start = (index: number): void => {
      const drawn = runs[index];
      if (drawn === undefined) return;
      const events: RunEvent[] = [];
      const next = (): void => {
        found[`${index}: ${drawn.code}`] = untrueOf(drawn.drawn, events);
        if (runs[index + 1]?.later) start(index + 1);
      };
      const step = evaluator.evaluate(drawn.code) as Step<unknown, unknown, unknown>;
      run(step, input).subscribe({ next: (event) => events.push(event), complete: next });
      if (runs[index + 1]?.later === false) start(index + 1);
    };
    start(0);
    m.flush();
  })();
  return found;
}

describe('the diagram', () => {
  const operators = allOperators(root).filter(({ file }) => /^operators\/(compose|policies)\//.test(file));

  it.each(operators)('of $name is what happens', ({ name, diagram }) => {
    const { runs } = readDiagram(diagram);
    const played = play(diagram, inputs[name]);
    expect(runs.length).toBeGreaterThan(0);
    expect(Object.values(played)).toEqual(runs.map(() => []));
    expect(runs.every(({ drawn }) => marksOf(drawn).some(({ text }) => text === '|' || text === '#'))).toBe(
      true,
    );
  });
});

describe('play', () => {
  it('finds what is not true', () => {
    const a = 'a                --(value A)|';
    expect(play([a, 'sequence(a, a)   (a started)--(a completed)--|'])).toEqual({ '0: sequence(a, a)': [] });
    expect(play([a, 'sequence(a, a)   (a started)-(a completed)---#'])).toEqual({
      '0: sequence(a, a)': ['a completed at 1 ms', '# at 4 ms'],
    });
    expect(play([a, 'sequence(a, a)   --(a completed, b started, retrying)--|'])).toEqual({
      '0: sequence(a, a)': ['b started at 2 ms', 'retrying at 2 ms'],
    });
  });
});
