import { describe, expect, it } from 'vitest';
import { evaluate, holds } from '../../../src/definition/expression/evaluate.ts';
import { parseExpression } from '../../../src/definition/expression/parse-expression.ts';
import { referencesOf } from '../../../src/definition/expression/references.ts';

const roots = {
  input: { text: 'Hello', tags: ['a', 'b'], n: 3, zero: 0, none: null, nested: { 'odd key': 1 }, f: () => 1 },
  steps: {
    moderate: { output: { approved: true, score: 0.7 } },
    'my-step': { output: { n: 1 } },
    skipped: { output: undefined },
  },
  index: 1,
};

function parsed(source: string) {
  const { expression, flaw } = parseExpression(source);
  if (flaw !== undefined) throw new TypeError(`${source}: ${flaw.message}`);
  return expression;
}

const worth = (source: string): unknown => evaluate(parsed(source), roots);

describe('evaluate', () => {
  it.each<[string, unknown]>([
    ['$.steps.moderate.output.approved == true', true],
    ["$.input.text + ' ' + $.input.n", 'Hello 3'],
    ['$.input.n * 2 - 1', 5],
    ['$.input.n % 2', 1],
    ['-$.input.n + 1', -2],
    ['1 / 0', undefined],
    ["$.input['nested']['odd key']", 1],
    ['$.input.tags[0]', 'a'],
    ['$.input.tags[$.index]', 'b'],
    ['$.steps.my-step.output.n', 1],
    ['$.steps.my-step.output.n - 1', 0],
    ["$.steps['my-step'].output.n", 1],
    ["'a' in $.input.tags", true],
    ["'c' in $.input.tags", false],
    ["'ell' in $.input.text", true],
    ["'text' in $.input", true],
    ["'toString' in $.input", false],
    ['2 in [1, 2]', true],
    ['len($.input.tags)', 2],
    ['len("👍a")', 2],
    ['len($.input.nested)', 1],
    ["contains($.input.text, 'ell')", true],
    ["startsWith($.input.text, 'He') && endsWith($.input.text, 'lo')", true],
    ['upper($.input.text)', 'HELLO'],
    ['lower($.input.text)', 'hello'],
    ["matches($.input.text, '^H.*o$')", true],
    ["matches($.input.text, $.input.text + '(')", undefined],
    ['$.input.text == "Hello"', true],
    ['$.input.text === "Hello" && $.input.text !== "x"', true],
    ['$.input.n == "3"', false],
    ['$.input.tags == ["a", "b"]', true],
    ['$.input.none == null', true],
    ['"a" < "b" && 1 <= 1 && 2 >= 2 && "b" > "a"', true],
    ['1 < "2"', undefined],
    ['!$.input.zero', true],
    ['exists($.input.text)', true],
    ['exists($.input.nothing)', false],
    ["default($.input.nothing, 'x')", 'x'],
    ["$.input.nothing || 'x'", 'x'],
    ["'' || 'x'", 'x'],
  ])('%s is %j', (source, value) => {
    expect(worth(source)).toEqual(value);
  });

  it.each([
    '$.input.nothing',
    '$.input.nothing.more',
    '$.steps.skipped.output.x == 1',
    '!$.input.nothing',
    '$.input.nothing != 1',
    '$.input.nothing == null',
    '$.input.nothing < 1',
    '$.input.text.length',
    '$.input.f',
    '$.input.tags.map',
    '$.input.toString',
    '$.input.valueOf',
    'lower($.input.n)',
    'len(1)',
    '-$.input.text',
    '$.input.text * 2',
    '$.input.tags + 1',
    '$.input.nothing && true',
    '$.input.nothing || false',
  ])('%s is missing, and does not hold', (source) => {
    expect(worth(source)).toBeUndefined();
    expect(holds(parsed(source), roots)).toBe(false);
  });

  it('reads nothing that is inherited, nor functions', () => {
    class Answer {
      get secret(): string {
        return 'secret';
      }
    }
    const input = { inherited: Object.create({ a: 1 }), answer: new Answer(), error: new RangeError('x') };
    const read = (path: string): unknown => evaluate(parsed(path), { input });
    expect(['inherited.a', 'answer.secret', 'error.name'].map((path) => read(`$.input.${path}`))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(read('$.input.error.message')).toBe('x');
  });

  it('lets the side that is there decide, where it can', () => {
    expect(worth('$.input.nothing || true')).toBe(true);
    expect(worth('true || $.input.nothing')).toBe(true);
    expect(worth('$.input.nothing && false')).toBe(false);
    expect(worth('false && $.input.nothing')).toBe(false);
  });
});

describe('parseExpression', () => {
  it.each<[string, string, number, number, string?]>([
    ['', 'it is empty', 0, 0],
    ['$.input.a = 1', 'a comparison is written ==', 10, 1, '=='],
    ['$.input.a == true and $.input.b', 'there is no and in an expression', 18, 3, '&&'],
    ['not $.input.a', 'there is no not in an expression', 0, 3, '!'],
    ['$.input.a == True', 'there is no True in an expression', 13, 4, 'true'],
    ['$.input.a ==', 'it cannot be read: expected expression after ==', 12, 0],
    ['(1 + 2', 'it cannot be read: unclosed (', 6, 0],
    ["'abc", 'it cannot be read: unclosed quote after "abc"', 4, 0],
    ['input.text == 1', 'what is read begins with $', 0, 5, '$.input'],
    [
      'approved',
      'approved is not a value: a text is written in quotes, and what is read begins with $.input or $.steps',
      0,
      8,
    ],
    ['$ == 1', '$ alone is nothing; write $.input or $.steps', 0, 1, '$.input'],
    ['1 + $.input.__proto__.x', '__proto__ cannot be read', 4, 19],
    ["$.input['constructor']", 'constructor cannot be read', 0, 22],
    ['$.input[1.5]', '[1.5] is neither a name nor a position', 0, 7],
    ['$.steps.my-step.output == contain(1)', 'there is no function contain', 26, 7, 'contains'],
    ['len(1, 2)', 'len takes 1 argument, not 2', 0, 3],
    ["matches($.input.a, '(')", 'the pattern cannot be read', 0, 7],
    ["matches($.input.a, '(?=x)')", 'the pattern cannot be read', 0, 7],
    ['$.input.a.trim()', 'values have no functions', 0, 16],
    ['$.input.a & 1', 'there is no operator &', 10, 1, '&&'],
    ['$.a ? 1 : 2', 'there is no ? : in an expression', 4, 1],
    ['this', 'only reading, comparing', 0, 4],
    ['1 2', 'it is more than one expression', 0, 3],
    ['1e999', '1e999 is too large', 0, 5],
    ['[1,,2]', 'a list has an empty place', 0, 6],
  ])('says what is wrong with %s', (source, message, at, length, suggestion) => {
    const { flaw } = parseExpression(source);
    expect(flaw?.message).toContain(message);
    expect([flaw?.at, flaw?.length, flaw?.suggestion]).toEqual([at, length, suggestion]);
  });

  it('says where, also behind a step id with a hyphen', () => {
    const { flaw } = parseExpression('$.steps.my-step.output == 1 = 2');
    expect(flaw?.at).toBe(28);
  });

  it('says where its values stand, also those that are written twice or like a step id', () => {
    const source = `["a", "a", .5, 1.5, true, $.steps.my-step.output["my-step"], "my-step", null][0]`;
    const places: string[] = [];
    const walk = (part: unknown): void => {
      if (typeof part !== 'object' || part === null) return;
      const { kind, at, length } = part as { kind?: string; at: number; length: number };
      if (kind === 'literal') places.push(`${at} ${source.slice(at, at + length)}`);
      Object.values(part).forEach(walk);
    };
    walk(parseExpression(source.slice(0, -3)).expression);
    expect(places).toEqual(['1 "a"', '6 "a"', '11 .5', '15 1.5', '20 true', '61 "my-step"', '72 null']);
  });

  it('refuses what is too long or too deep', () => {
    expect(parseExpression(`1${' + 1'.repeat(1000)}`).flaw?.message).toContain('at most 2000 characters');
    expect(parseExpression('('.repeat(100)).flaw?.message).toContain('brackets nest at most 50 deep');
    expect(parseExpression('!'.repeat(1999)).flaw).toBeDefined();
    expect(parseExpression(`${'!'.repeat(1000)}true`).flaw?.message).toContain('at most 50 deep');
    expect(parseExpression(`$${'.a'.repeat(900)}`).flaw).toBeUndefined();
  });

  it('takes no operator that another user of the parser has', async () => {
    const { default: jsep } = await import('jsep');
    expect(Object.hasOwn(jsep.binary_ops, 'in')).toBe(false);
    parseExpression('1 in [1]');
    expect(Object.hasOwn(jsep.binary_ops, 'in')).toBe(false);
    jsep.addBinaryOp('@@', 3);
    expect(parseExpression('1 @@ 2').flaw?.message).toBe('there is no operator @@');
    jsep.removeBinaryOp('@@');
  });

  it('answers a pattern that makes others hang', () => {
    const slow = `${'a'.repeat(20_000)}!`;
    expect(evaluate(parsed("matches($.input, '^(a+)+$')"), { input: slow })).toBe(false);
  });
});

describe('referencesOf', () => {
  it('lists what is read, with its places', () => {
    const references = referencesOf(
      parsed("$.input.a == 1 && len($.steps.my-step.output['x y'].z) > $.input.list[$.index].b"),
    );
    expect(references.map(({ keys }) => keys.join('/'))).toEqual([
      'input/a',
      'steps/my-step/output/x y/z',
      'input/list',
      'index',
    ]);
    expect(references.map(({ at, length }) => [at, length])).toEqual([
      [0, 9],
      [22, 31],
      [57, 12],
      [70, 7],
    ]);
  });
});
