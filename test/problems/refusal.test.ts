import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/problem.ts';
import { describeProblem, refusal } from '../../src/problems/refusal.ts';
import { SourceText } from '../../src/problems/source-text.ts';

describe('SourceText', () => {
  const source = new SourceText('one\r\ntwo\nthree\rfour', 'flow.txt');

  it.each([
    [0, 1, 1],
    [2, 1, 3],
    [5, 2, 1],
    [8, 2, 4],
    [9, 3, 1],
    [15, 4, 1],
    [19, 4, 5],
  ])('puts offset %i at %i:%i', (offset, line, column) => {
    expect(source.place(offset, 2)).toEqual({ file: 'flow.txt', line, column, offset, length: 2 });
  });

  it('gives lines without their ends', () => {
    expect([0, 1, 2, 3, 4, 5].map((line) => source.line(line))).toEqual([
      '',
      'one',
      'two',
      'three',
      'four',
      '',
    ]);
  });

  it('has one empty line in an empty text', () => {
    expect(new SourceText('').place(0)).toMatchObject({ line: 1, column: 1 });
  });
});

describe('describeProblem', () => {
  const shown = (text: string, offset: number, length: number): string[] => {
    const source = new SourceText(text);
    return describeProblem({ message: 'wrong', ...source.place(offset, length) }, source)
      .split('\n')
      .slice(1);
  };

  it('says the place, what is wrong and what was probably meant', () => {
    const problem: Problem = {
      message: 'there is no skill "tset"',
      file: 'a.yaml',
      line: 3,
      column: 9,
      suggestion: 'test',
    };
    expect(describeProblem(problem)).toBe('a.yaml:3:9: there is no skill "tset"; did you mean "test"?');
  });

  it('says no place where there is none', () => {
    expect(describeProblem({ message: 'steps is empty' })).toBe('steps is empty');
  });

  it('shows one caret where something is missing', () => {
    expect(shown('ab THEN', 7, 0)).toEqual(['  ab THEN', '         ^']);
  });

  it('puts carets under wide characters, marks and tabs', () => {
    expect(shown('\t日本 e\u0301 THEN', 7, 4)).toEqual(['   日本 e\u0301 THEN', '          ^^^^']);
  });

  it('shows nothing that could change the terminal', () => {
    expect(shown('a\u001b[31mb\u202Ec', 0, 1)).toEqual(['  a\uFFFD[31mb\uFFFDc', '  ^']);
  });

  it('cuts a long line around what is wrong', () => {
    const [line, carets] = shown(`${'a'.repeat(500)}X${'b'.repeat(500)}`, 500, 1);
    expect(line).toBe(`  …${'a'.repeat(40)}X${'b'.repeat(59)}…`);
    expect(carets).toBe(`${' '.repeat(43)}^`);
  });
});

describe('refusal', () => {
  it('is one error of all problems, in the order of their places', () => {
    const source = new SourceText('IF_SUCCESS a THEN');
    const error = refusal(
      'workflow text',
      [
        { message: 'no task after it', ...source.place(13, 4) },
        { message: 'nothing before it', ...source.place(0, 10) },
      ],
      source,
    );
    expect(error.message).toBe(
      [
        'workflow text: 2 problems',
        '1:1: nothing before it',
        '  IF_SUCCESS a THEN',
        '  ^^^^^^^^^^',
        '1:14: no task after it',
        '  IF_SUCCESS a THEN',
        '               ^^^^',
      ].join('\n'),
    );
    expect(error.code).toBe('DEFINITION');
    expect(error.problems.map(({ column }) => column)).toEqual([1, 14]);
  });

  it('shows twenty problems, and holds all', () => {
    const error = refusal(
      'a.yaml',
      Array.from({ length: 23 }, (_, index) => ({ message: `wrong ${index}`, line: index + 1 })),
    );
    expect(error.message.split('\n')).toHaveLength(22);
    expect(error.message).toMatch(/^a\.yaml: 23 problems\n1: wrong 0\n[\s\S]*\nand 3 more$/);
    expect(error.problems).toHaveLength(23);
  });
});
