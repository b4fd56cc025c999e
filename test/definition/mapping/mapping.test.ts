import { describe, expect, it } from 'vitest';
import { applyMapping } from '../../../src/definition/mapping/apply-mapping.ts';
import { mappingExpressions } from '../../../src/definition/mapping/mapping-expressions.ts';
import { parseMapping } from '../../../src/definition/mapping/parse-mapping.ts';

const roots = {
  input: { name: 'Ada', age: 36, tags: ['x'] },
  steps: { analyze: { output: { score: 0.5, list: [1, 2] } } },
};

function made(given: unknown): unknown {
  const { mapping, flaws } = parseMapping(given);
  expect(flaws).toEqual([]);
  return applyMapping(mapping, roots);
}

describe('applyMapping', () => {
  it('reads paths, keeping their types', () => {
    expect(made('$.input.name')).toBe('Ada');
    expect(made('$.steps.analyze.output')).toEqual({ score: 0.5, list: [1, 2] });
    expect(made("$['input']['tags'][0]")).toBe('x');
    expect(made('$.input.nothing')).toBeUndefined();
  });

  it('fills in templates', () => {
    expect(made('Hello {{ $.input.name }}, {{$.input.age + 1}}!')).toBe('Hello Ada, 37!');
    expect(made('[{{ $.input.nothing }}] {{ $.input.tags }}')).toBe('[] ["x"]');
    expect(made("{{ '}}' + $.input.name }} {{ \"it's\" }}")).toBe("}}Ada it's");
    expect(made('{{ $.input.age }}')).toBe(36);
    expect(made('{{ $.input.age * 2 }}')).toBe(72);
    expect(made('{{ "$.input" }}')).toBe('$.input');
  });

  it('goes into records and lists, and leaves what is neither as it is', () => {
    expect(made({ a: [{ b: '$.input.age' }, 1, null], c: true, d: 'US$ 5', e: '$5' })).toEqual({
      a: [{ b: 36 }, 1, null],
      c: true,
      d: 'US$ 5',
      e: '$5',
    });
  });

  it('makes anew what it makes', () => {
    const { mapping } = parseMapping({ a: { b: 1 }, c: [1] });
    expect(applyMapping(mapping, roots)).not.toBe(applyMapping(mapping, roots));
  });

  it('gives no text for what has none', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const { mapping } = parseMapping('a {{ $.input }}');
    expect(applyMapping(mapping, { input: circle })).toBe('a ');
  });
});

describe('parseMapping', () => {
  it('collects what is wrong, with the place', () => {
    const { flaws } = parseMapping({
      a: ['ok', 'x {{ $.input.a = 1 }}'],
      b: '{{ open',
      c: '$.input.a + 1',
      d: { constructor: 1 },
    });
    expect(flaws).toMatchObject([
      { path: ['a', 1], flaw: { message: 'a comparison is written ==', at: 15, length: 1 } },
      { path: ['b'], flaw: { message: '{{ is not closed by }}', at: 0, length: 2 } },
      {
        path: ['c'],
        flaw: { message: 'only a path can begin with $.', suggestion: '{{ $.input.a + 1 }}' },
      },
      { path: ['d', 'constructor'], inKey: true, flaw: { message: 'nothing can be called constructor' } },
    ]);
  });

  it.each([
    ['steps.a.output.b', '$.steps.a.output.b'],
    ['$steps.a.output', '$.steps.a.output'],
    ['$input.text', '$.input.text'],
    ['$input', '$.input'],
  ])('asks whether %s is meant as a path', (text, suggestion) => {
    expect(parseMapping([text]).flaws).toMatchObject([
      { path: [0], flaw: { message: 'this is a text and no path: paths begin with $.', suggestion } },
    ]);
  });

  it.each([
    'input.txt',
    'steps.md',
    'steps. Then rest',
    '$5',
    '$inputs',
    'see steps.a.output',
    '{{ "steps.a.output" }}',
  ])('takes %s as it is', (text) => {
    expect(parseMapping(text).flaws).toEqual([]);
  });

  it('refuses what is too deep', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 60; i++) deep = [deep];
    expect(parseMapping(deep).flaws).toMatchObject([{ flaw: { message: 'a mapping is at most 50 deep' } }]);
  });
});

describe('mappingExpressions', () => {
  it('lists the expressions of a mapping, with their texts and places', () => {
    const { mapping } = parseMapping({
      a: '$.input.name',
      b: ['Hi {{ $.steps.my-step.output }}', '{{ $.input.age + 1 }}'],
    });
    expect(mappingExpressions(mapping)).toMatchObject([
      { path: ['a'], at: 0, source: '$.input.name', expression: { keys: ['input', 'name'], at: 0 } },
      { path: ['b', 0], at: 5, expression: { keys: ['steps', 'my-step', 'output'], at: 1 } },
      { path: ['b', 1], at: 2, source: ' $.input.age + 1 ', expression: { kind: 'binary' } },
    ]);
  });
});
