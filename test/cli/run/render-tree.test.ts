import { stripVTControlCharacters } from 'node:util';
import { run, step, workflow } from 'tutti';
import { mapEach, named } from 'tutti/operators';
import { describe, expect, it } from 'vitest';
import { LiveModel } from '../../../src/cli/run/live-model.ts';
import { renderTree } from '../../../src/cli/run/render-tree.ts';
import { type Terminal, terminalOf } from '../../../src/cli/terminal/terminal.ts';

function terminal(columns: number, rows: number): Terminal {
  return { ...terminalOf(process.stderr), columns: () => columns, rows: () => rows };
}

/** A run of a step for each of so many items, of which each third has not ended, as far as it has come. */
function modelOf(items: number): LiveModel {
  const work = step('work', (item: number) => (item % 3 === 0 ? new Promise(() => {}) : item));
  const all = workflow({ name: 'all' }, named('each', mapEach(work, { over: (list: number[]) => list })));
  const model = new LiveModel();
  run(all, [...Array(items).keys()])
    .subscribe((event) => model.add(event))
    .unsubscribe();
  return model;
}

describe('renderTree', () => {
  it('shows steps inside those that hold them, and steps that are to come', () => {
    const lines = renderTree(modelOf(2), terminal(60, 24), ['each', 'later'], 0);
    expect(lines.map((line) => line.trimEnd().replace(/ +-?\d.*$/, ''))).toEqual([
      '● each',
      '  ● work [0]',
      '  ✔ work [1]',
      '○ later',
    ]);
  });

  it('has short bars on a narrow terminal, so that they can be read to their end', () => {
    const work = step('work', (_: unknown, { progress }) => {
      progress(0.5, 'half of it');
      return new Promise(() => {});
    });
    const model = new LiveModel();
    run(work, undefined)
      .subscribe((event) => model.add(event))
      .unsubscribe();
    const lines = (columns: number) =>
      renderTree(model, terminal(columns, 24), [], model.status.startedAt).map(stripVTControlCharacters);
    expect(lines(40)[0]).toMatch(/● work {2}███░░░ 50 % {2}half of it/);
    expect(lines(60)[0]).toMatch(/● work {2}██████░░░░░░ 50 % {2}half of it/);
  });

  it('has room on a small terminal for what is going on', () => {
    const lines = renderTree(modelOf(90), terminal(40, 20), [], 0);
    expect(lines.length).toBeLessThan(20);
    expect(lines[0]).toContain('and 83 more');
    expect(lines.slice(1).every((line) => line.includes('●'))).toBe(true);
    expect(lines.every((line) => line.length <= 40)).toBe(true);
  });
});
