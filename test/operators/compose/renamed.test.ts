import { run, type Step, step, workflow } from 'tutti';
import { parallel, renamed, retry } from 'tutti/operators';
import { marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { record } from '../record.ts';

const upper = step('upper', (text: string) => text.toUpperCase());

describe('renamed', () => {
  it(
    'gives a step another name, in events and paths',
    marbles(() => {
      const done = record(run(parallel({ a: renamed('shout', upper) }), 'x'));
      expect(done.all('step.completed')).toMatchObject([{ step: 'shout', path: '/a', output: 'X' }]);
      expect(record(run(renamed('shout', upper), 'x')).started).toEqual(['/shout']);
      expect(upper.id).toBe('upper');
    }),
  );

  it('keeps its policies and its adapters', () => {
    const flaky = step('flaky', (n: number, { attempt }) => {
      if (attempt === 1) throw new RangeError('once');
      return n + 1;
    });
    const twice = flaky
      .with(retry({ delay: 0 }))
      .using((text: string) => text.length)
      .map(String);
    expect(record(run(renamed('r', twice), 'abc')).output).toBe('4');
    expectTypeOf(renamed('r', twice)).toExtend<Step<string, string>>();
  });

  it('makes a step of a composite, and a step of a workflow', () => {
    const both = renamed('both', parallel({ a: upper, b: upper }));
    expect(record(run(both, 'x')).started).toEqual(['/both', '/both/a', '/both/b']);
    const inner = workflow({ name: 'w' }, upper);
    expect(record(run(parallel({ a: renamed('r', inner) }), 'x')).started).toEqual(['/a', '/a/upper']);
  });

  it('refuses a name with the marks of a path in it', () => {
    expect(() => renamed('a/b', upper)).toThrow(expect.objectContaining({ name: 'DefinitionError' }));
  });
});
