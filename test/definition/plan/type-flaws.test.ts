import { step } from 'tutti';
import { checkWorkflow, SkillRegistry } from 'tutti/definition';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const judge = step({
  id: 'judge',
  output: z.object({
    score: z.number(),
    stars: z.int(),
    verdict: z.enum(['approved', 'rejected']),
    kind: z.union([z.literal('mail'), z.literal(7)]),
    approved: z.boolean(),
    note: z.string().nullable(),
    reason: z.string().optional(),
    tags: z.array(z.enum(['spam', 'ham'])),
    sizes: z.array(z.number()),
    author: z.object({ name: z.string() }),
    any: z.unknown(),
    node: z.lazy((): z.ZodType => z.object({ child: z.string() })),
  }),
  run: (): never => {
    throw new RangeError('it is only checked');
  },
});
const echo = step('echo', (given: unknown) => given);
const registry = new SkillRegistry().register(judge).register(echo);

const head = `input: { type: object, properties: { n: { type: integer }, text: { type: string }, any: {} } }
steps:
  - { id: a, uses: judge }
  - id: b
    uses: echo
`;

/** The problems of a text, as `[what is underlined] message -> suggestion`. */
function problemsIn(text: string): string[] {
  return checkWorkflow(text, { registry }).map(({ message, suggestion, offset = 0, length = 0 }) => {
    const wrong = text.slice(offset, offset + length);
    return `[${wrong}] ${message}${suggestion === undefined ? '' : ` -> ${suggestion}`}`;
  });
}

const inCondition = (condition: string): string[] =>
  problemsIn(`${head}    condition: |-\n      ${condition}\n`);

describe('conditions with literals of a wrong type', () => {
  it.each<[string, string]>([
    ['$.steps.a.output.score == "high"', '["high"] $.steps.a.output.score is a number, and never "high"'],
    ['$.input.n > "x"', '["x"] $.input.n is a whole number, and "x" is a text: they have no order'],
    ['"x" < $.input.n', '["x"] $.input.n is a whole number, and "x" is a text: they have no order'],
    [
      '$.steps.a.output.score >= "0.5"',
      '["0.5"] $.steps.a.output.score is a number, and "0.5" is a text: they have no order; write 0.5 without quotes',
    ],
    [
      '$.steps.a.output.score != "0.5"',
      '["0.5"] $.steps.a.output.score is a number, and never "0.5"; write 0.5 without quotes',
    ],
    [
      '$.steps.a.output.approved == "true"',
      '["true"] $.steps.a.output.approved is true or false, and never "true"; write true without quotes',
    ],
    ['$.input.text == 5', "[5] $.input.text is a text, and never 5 -> '5'"],
    ['$.input.text == "x" || $.input.text == 5', '[5] $.input.text is a text, and never 5 -> "5"'],
    ['$.steps.a.output.stars == 1.5', '[1.5] $.steps.a.output.stars is a whole number, and never 1.5'],
    [
      '$.steps.a.output.score == null',
      '[null] $.steps.a.output.score is never null; whether it is there is asked with exists($.steps.a.output.score)',
    ],
    [
      '$.steps.a.output.verdict == "aproved"',
      '["aproved"] $.steps.a.output.verdict is never "aproved", but one of "approved", "rejected" -> "approved"',
    ],
    [
      "'done' === $.steps.a.output.verdict",
      '[\'done\'] $.steps.a.output.verdict is never "done", but one of "approved", "rejected"',
    ],
    ['$.steps.a.output.kind == 8', '[8] $.steps.a.output.kind is never 8, but one of "mail", 7'],
    [
      '$.steps.a.output.verdict in ["approved", "rejectd"]',
      '["rejectd"] $.steps.a.output.verdict is never "rejectd", but one of "approved", "rejected" -> "rejected"',
    ],
    [
      'contains($.steps.a.output.tags, "span")',
      '["span"] an item of $.steps.a.output.tags is never "span", but one of "spam", "ham" -> "spam"',
    ],
    ['"a" in $.steps.a.output.sizes', '["a"] an item of $.steps.a.output.sizes is a number, and never "a"'],
    ['5 in $.input.text', '[5] parts of a text are texts, and 5 is a whole number'],
    ['"nmae" in $.steps.a.output.author', '["nmae"] $.steps.a.output.author has no nmae -> "name"'],
    ['1 in $.input.n', '[$.input.n] nothing is in it: $.input.n is a whole number'],
    [
      '$.steps.a.output.approved > 0',
      '[$.steps.a.output.approved] only numbers and texts have an order, and $.steps.a.output.approved is true or false',
    ],
    [
      'len($.input.n) > 1',
      '[$.input.n] len takes a text or a list or a record, and $.input.n is a whole number',
    ],
    [
      'len($.input.text) > "5"',
      '["5"] what len gives is a whole number, and "5" is a text: they have no order; write 5 without quotes',
    ],
    [
      'lower($.steps.a.output.score) == "x"',
      '[$.steps.a.output.score] lower takes a text, and $.steps.a.output.score is a number',
    ],
    ['$.input.text * 2 > 1', '[$.input.text] * takes a number, and $.input.text is a text'],
    [
      '$.input.n + $.steps.a.output.approved > 1',
      '[$.steps.a.output.approved] $.input.n is a whole number, and $.steps.a.output.approved is true or false: they cannot be added',
    ],
    [
      '$.input.n == $.input.text',
      '[$.input.text] $.input.n is a whole number, and $.input.text is a text: they are never equal',
    ],
    ['!(-$.input.text == 1)', '[$.input.text] - takes a number, and $.input.text is a text'],
  ])('finds what can never be in %s', (condition, problem) => {
    expect(inCondition(condition)).toEqual([problem]);
  });

  it.each([
    '$.steps.a.output.score == 1',
    '$.steps.a.output.score > $.input.n',
    '$.steps.a.output.verdict != "rejected" && $.steps.a.output.kind == 7',
    '$.steps.a.output.note == null',
    '$.steps.a.output.score != null',
    '$.steps.a.output.reason == "x"',
    '"ham" in $.steps.a.output.tags',
    '$.steps.a.output.any == "x" && $.steps.a.output.any > 5 && $.input.any.unsaid * 2 > 1',
    '$.steps.a.output.node.child == "x"',
    'default($.steps.a.output.reason, 5) == 5',
    '$.input.text + 5 == "a5"',
    'len($.steps.a.output.tags) > 1 && len($.steps.a.output.author) < 5',
    '"name" in $.steps.a.output.author',
    '$.steps.a.output.tags == ["spam"]',
    '($.steps.a.output.approved || "x") == "x"',
  ])('leaves %s alone', (condition) => {
    expect(inCondition(condition)).toEqual([]);
  });

  it('are found wherever expressions stand, at their places', () => {
    expect(problemsIn(`${head}    input: { x: ["Hi {{ $.steps.a.output.score == 'x' }}"] }\n`)).toEqual([
      '[\'x\'] $.steps.a.output.score is a number, and never "x"',
    ]);
    expect(problemsIn(`${head}    forEach: { over: [1, 2], key: "$.index == 'x'" }\n`)).toEqual([
      '[\'x\'] $.index is a whole number, and never "x"',
    ]);
  });

  it('know all who may have given an output: a fallback, another provider', () => {
    const text = (condition: string): string => `
steps:
  - { id: a, uses: judge, fallback: [judge] }
  - { id: b, uses: judge, fallback: [judge, echo] }
  - { id: c, uses: echo, condition: ${condition} }
`;
    expect(problemsIn(text('$.steps.a.output.verdict == "aproved"'))).toHaveLength(1);
    expect(problemsIn(text('$.steps.a.output.word == "aproved"'))).toHaveLength(1);
    expect(problemsIn(text('$.steps.b.output.verdict == "aproved"'))).toEqual([]);
    expect(problemsIn(text('$.steps.b.output.word == "aproved"'))).toEqual([]);
  });
});

describe('mappings with values of a wrong type', () => {
  const sink = step({
    id: 'sink',
    input: z.object({
      n: z.number().optional(),
      whole: z.int().optional(),
      text: z.string().optional(),
      verdict: z.enum(['approved', 'open']).optional(),
      kind: z.union([z.literal('mail'), z.literal('post')]).optional(),
      byName: z.record(z.string(), z.number()).optional(),
      pair: z.tuple([z.string(), z.number()]).optional(),
      coerced: z.coerce.number().optional(),
      prepared: z.preprocess(Number, z.number()).optional(),
    }),
    run: () => 1,
  });
  const all = new SkillRegistry().register(sink).register(judge);
  const problemsOf = (input: string): string[] =>
    checkWorkflow(`steps: [{ id: a, uses: judge }, { id: b, uses: sink, input: { ${input} } }]`, {
      registry: all,
    }).map(({ message, suggestion }) => `${message}${suggestion === undefined ? '' : ` -> ${suggestion}`}`);

  it.each<[string, string]>([
    ['n: "{{ $.steps.a.output.verdict }}"', 'it must be a number, not a text (for sink)'],
    ['n: "{{ lower($.steps.a.output.verdict) }}"', 'it must be a number, not a text (for sink)'],
    ['text: "{{ len($.steps.a.output.verdict) }}"', 'it must be a text, not a whole number (for sink)'],
    ['whole: 1.5', 'it must be a whole number, not a number (for sink)'],
    ['verdict: aproved', '"aproved" is not one of "approved", "open" (for sink) -> approved'],
    ['kind: mial', '"mial" is not one of "mail", "post" (for sink) -> mail'],
    [
      'kind: $.steps.a.output.verdict',
      'it is one of "approved", "rejected", and must be one of "mail", "post" (for sink)',
    ],
    ['byName: { a: 1, b: x }', 'it must be a number, not a text (for sink)'],
    ['pair: [x, y]', 'it must be a number, not a text (for sink)'],
  ])('finds %s', (input, problem) => {
    expect(problemsOf(input)).toEqual([problem]);
  });

  it.each([
    'coerced: "5", prepared: "6"',
    'verdict: $.steps.a.output.verdict',
    'whole: $.steps.a.output.score',
    'byName: { a: 1 }, pair: [x, 1]',
    'text: $.steps.a.output.note',
  ])('leaves %s alone', (input) => {
    expect(problemsOf(input)).toEqual([]);
  });
});

describe('a skill without an input of its own', () => {
  const taking = (id: string, input: z.ZodType) => step({ id, input, run: () => ({ text: 'x' }) });
  const all = new SkillRegistry()
    .register(judge)
    .register(echo)
    .register(taking('writer', z.object({ text: z.string() })))
    .register(taking('drawer', z.object({ size: z.number() })))
    .register(taking('speller', z.string()));
  const problemsOf = (text: string): string[] =>
    checkWorkflow(text, { registry: all }).map(({ message }) => message);

  it('is a problem where it cannot take what it is given after others', () => {
    expect(problemsOf('steps: [{ id: a, uses: judge }, { id: b, uses: writer, dependsOn: a }]')).toEqual([
      'writer has no input of its own here, and cannot take what it is given: the input lacks text',
    ]);
    expect(
      problemsOf('steps: [{ id: a, uses: judge }, { id: b, uses: speller, dependsOn: a }]'),
    ).toHaveLength(1);
    expect(problemsOf('steps: [{ id: a, uses: judge }, { id: b, uses: echo, dependsOn: a }]')).toEqual([]);
    expect(problemsOf('steps: [{ id: a, uses: writer }]')).toEqual([]);
    expect(problemsOf('input: { type: string }\nsteps: [{ id: a, uses: writer }]')).toHaveLength(1);
    expect(problemsOf('steps: [{ id: a, uses: speller, forEach: [1, 2] }]')).toHaveLength(1);
    expect(problemsOf('steps: [{ id: a, uses: speller, forEach: [x, y] }]')).toEqual([]);
  });

  it('is a problem where it is a fallback that cannot take what its step takes', () => {
    const fallback = (one: string): string[] =>
      problemsOf(`steps: [{ id: a, uses: writer, input: { text: x }, fallback: ${one} }]`);
    const words =
      'drawer has no input of its own here, and cannot take what it is given: the input lacks size';
    expect(fallback('drawer')).toEqual([words]);
    expect(fallback('[echo, { uses: echo, fallback: { uses: drawer } }]')).toEqual([words]);
    expect(fallback('[echo, writer, { uses: drawer, input: { size: 5 } }]')).toEqual([]);
  });
});
