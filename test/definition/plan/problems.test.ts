import { step } from 'tutti';
import { checkWorkflow } from 'tutti/definition';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { skills } from '../skills.ts';

/** The problems of a text, as `line [what is underlined] message -> suggestion`. */
function problemsOf(text: string, registry = skills()): string[] {
  return checkWorkflow(text, { registry }).map(({ line, message, suggestion, offset = 0, length = 0 }) => {
    const wrong = text.slice(offset, offset + length);
    return `${line} [${wrong}] ${message}${suggestion === undefined ? '' : ` -> ${suggestion}`}`;
  });
}

const steps = (...lines: readonly string[]): string =>
  `steps:\n${lines.map((line) => `  - ${line}\n`).join('')}`;
const analyze = '{ id: analyze, uses: content-analyzer, input: { text: $.input.text } }';

describe('checkWorkflow', () => {
  it('finds nothing wrong with what is right', () => {
    expect(
      problemsOf(steps(analyze, '{ id: b, uses: echo, input: "$.steps.analyze.output.flags[0]" }')),
    ).toEqual([]);
  });

  it.each<[string, string]>([
    [
      '{ id: a, uses: content-analizer }',
      '2 [content-analizer] there is no skill content-analizer -> content-analyzer',
    ],
    [
      '{ id: a, uses: zzz }',
      '2 [zzz] there is no skill zzz; there are content-analyzer, analyzer, content-moderator, response-generator, echo, failing',
    ],
    [
      '{ id: a, uses: echo, input: { x: "{ default($.input.x, 1) }" } }',
      '2 [{ default($.input.x, 1) }] this is a text and no expression: an expression stands in {{ }} -> {{ default($.input.x, 1) }}',
    ],
    ['{ id: a, uses: echo, input: { x: "a $\x7B{ $.input.x }}" } }', '2 [${{] there is no $ before {{ -> {{'],
    ['{ id: a, uses: echo, condition: "$\x7B{ $.input.x }}" }', '2 [${{] there is no $ before {{ -> {{'],
    [
      '{ id: a, uses: echo, condition: \'$.input.x == "?" ? true : false\' }',
      '2 [?] there is no ? : in an expression; use two steps, each with a condition, or default(x, y)',
    ],
    ['{ id: a, uses: echo, provider: x }', '2 [x] there is no provider x of echo; it has none'],
    ['{ id: a, uses: echo, fallback: ecko }', '2 [ecko] there is no skill ecko -> echo'],
    ['{ id: a, uses: echo, fallback: [echo, { uses: ecko }] }', '2 [ecko] there is no skill ecko -> echo'],
    ['{ id: a, uses: echo, dependsOn: [b] }', '2 [b] there is no step b'],
    ['{ id: analyse, uses: echo, dependsOn: analyze2 }', '2 [analyze2] there is no step analyze2 -> analyse'],
    ['{ id: a, uses: echo, dependsOn: a }', '2 [a] the steps wait for each other: a -> a'],
    ['{ id: input, uses: echo }', '2 [input] a step cannot be called input'],
    ['{ id: constructor, uses: echo }', '2 [constructor] a step cannot be called constructor'],
    ['{ id: a/b, uses: echo }', '2 [a/b] a step "a/b" must not contain "/"'],
    ['{ id: a, uses: echo, condition: $.input.x = 1 }', '2 [=] a comparison is written == -> =='],
    [
      '{ id: a, uses: echo, condition: "{{ $.inputs.x }}" }',
      '2 [$.inputs.x] there is no $.inputs here, but $.input, $.steps -> $.input',
    ],
    ['{ id: a, uses: echo, condition: false }', '2 [false] a never runs: its condition cannot hold'],
    ['{ id: a, uses: echo, condition: 1 > 2 }', '2 [1 > 2] a never runs: its condition cannot hold'],
    [
      '{ id: a, uses: echo, condition: $.steps.a.output }',
      '2 [$.steps.a.output] a cannot read its own output',
    ],
    ['{ id: a, uses: echo, input: $.steps.b.output }', '2 [$.steps.b.output] there is no step b'],
    [
      '{ id: a, uses: echo, input: { x: ["Hi {{ $.step.b }}"] } }',
      '2 [$.step.b] there is no $.step here, but $.input, $.steps -> $.steps',
    ],
    [
      '{ id: a, uses: echo, input: { x: $.item } }',
      '2 [$.item] there is no $.item here, but $.input, $.steps',
    ],
    [
      '{ id: a, uses: echo, input: "{{ lenght(1) }}" }',
      '2 [lenght] there is no function lenght; there are len, contains, startsWith, endsWith, lower, upper, matches, exists, default',
    ],
    [
      '{ id: a, uses: echo, concurrency: 2 }',
      '2 [concurrency] concurrency needs forEach, which says what the items are',
    ],
    [
      '{ id: a, uses: echo, forEach: documents }',
      '2 [documents] forEach goes over a list: a path such as $.input.documents, or the items',
    ],
    [
      '{ id: a, uses: echo, forEach: $.input.list, reduce: { uses: echo, input: $.input } }',
      '2 [$.input] there is no $.input here, but $.results',
    ],
    [
      '{ id: a, uses: echo, input: $.input.x, fallback: { uses: echo, input: { y: $.input.y } } }',
      '2 [{ y: $.input.y }] this can have an input of its own only where the input of the step around it is a record, such as { text: $.input.text }',
    ],
    [
      '{ id: a, uses: content-analyzer, input: { text: 5 } }',
      '2 [5] it must be a text, not a whole number (for content-analyzer)',
    ],
    [
      '{ id: a, uses: content-analyzer, input: { txt: $.input.x } }',
      '2 [txt] the input has no txt (for content-analyzer) -> text',
    ],
    ['{ id: a, uses: content-analyzer, input: {} }', '2 [input] the input lacks text (for content-analyzer)'],
    [
      '{ id: a, uses: content-analyzer, input: $.input.x.__proto__ }',
      '2 [$.input.x.__proto__] __proto__ cannot be read',
    ],
  ])('says what is wrong with %s', (step, problem) => {
    expect(problemsOf(steps(step))).toContain(problem);
  });

  it.each<[string, string]>([
    ['$.steps.analyze.output.word', '$.steps.analyze.output has no word -> $.steps.analyze.output.words'],
    ['$.steps.analyze.output.score', '$.steps.analyze.output has no score; it has words, flags'],
    ['$.steps.analyze.output.words.deep', '$.steps.analyze.output.words has no deep'],
    ['$.steps.analyze.output.flags.first', '$.steps.analyze.output.flags has no first; it has [0], length'],
    ['$.steps.analyze.score', 'of a step, there is only its output to read -> $.steps.analyze.output.score'],
    ['$.steps.analyse.output', 'there is no step analyse -> analyze'],
    ['$.analyze.words', 'there is no $.analyze here, but $.input, $.steps -> $.steps.analyze.output.words'],
    [
      '$.analyze.output.words',
      'there is no $.analyze here, but $.input, $.steps -> $.steps.analyze.output.words',
    ],
    ['$.steps', 'it does not say which step -> $.steps.<id>.output'],
  ])('knows that %s is not there', (path, problem) => {
    const found = problemsOf(steps(analyze, `{ id: b, uses: echo, input: { x: ${path} } }`));
    expect(found).toEqual([`3 [${path}] ${problem}`]);
    const condition = problemsOf(steps(analyze, `{ id: b, uses: echo, condition: ${path} == 1 }`));
    expect(condition).toEqual([`3 [${path}] ${problem}`]);
  });

  it('compares what is read with what is asked for', () => {
    const found = problemsOf(
      steps(analyze, '{ id: b, uses: content-analyzer, input: { text: $.steps.analyze.output.words } }'),
    );
    expect(found).toEqual([
      '3 [$.steps.analyze.output.words] it must be a text, not a number (for content-analyzer)',
    ]);
  });

  it.each<[string, string]>([
    ['$.input.mial', '[$.input.mial] $.input has no mial -> $.input.mail'],
    ['$.input.other', '[$.input.other] $.input has no other; it has id, mail, who, free'],
    ['$.input.who.nmae', '[$.input.who.nmae] $.input.who has no nmae -> $.input.who.name'],
  ])('knows that the input schema of the workflow does not list %s', (path, problem) => {
    const head =
      'input: { type: object, required: [id], properties: { mail: {}, who: { properties: { name: {} } }, free: { properties: { a: {} }, additionalProperties: true } } }';
    const text = (read: string): string =>
      `${head}\n${steps(`{ id: a, uses: echo, input: { x: ${read} } }`)}`;
    expect(problemsOf(text(path))).toEqual([`3 ${problem}`]);
    expect(problemsOf(text('$.input.free.other'))).toEqual([]);
    expect(problemsOf(text('$.input.id'))).toEqual([]);
    expect(
      problemsOf(text(path).replace('input: { type', 'input: { additionalProperties: true, type')),
    ).toEqual(path.includes('who') ? [`3 ${problem}`] : []);
  });

  it.each(['input', 'output'])('finds a type in the %s schema that there is not, once', (side) => {
    const whole = step({ id: 'whole', input: z.object({ n: z.int() }), run: ({ n }) => n });
    const head = `${side}: { type: object, properties: { n: { type: int }, type: { type: string } } }`;
    const text = `${head}\n${steps('{ id: a, uses: whole, input: { n: $.input.n } }')}`;
    expect(problemsOf(text, skills().register(whole))).toEqual([
      '1 [int] there is no type int in a JSON Schema; there are string, number, integer, boolean, object, array, null -> integer',
    ]);
  });

  it('shows how a list of steps begins', () => {
    expect(problemsOf('steps: { a: { uses: echo } }')).toEqual([
      '1 [{ a: { uses: echo } }] steps must be a list, not a record: each step begins with - id: a',
    ]);
  });

  it('finds fields that a skill would drop unseen, and written values that its schema refuses', () => {
    const picky = step({
      id: 'picky',
      input: z.object({
        even: z.int().refine((n) => n % 2 === 0, { error: 'it must be even' }),
        in: z.object({ a: z.string() }).optional(),
        open: z.looseObject({}).optional(),
      }),
      run: () => 1,
    });
    const registry = skills().register(picky);
    const found = (input: string): string[] =>
      problemsOf(steps(`{ id: a, uses: picky, input: ${input} }`), registry);
    expect(found('{ even: 2, in: { a: x }, open: { more: 1 } }')).toEqual([]);
    expect(found('{ even: 2, surplus: 1 }')).toEqual([
      '2 [surplus] the input has no surplus; it has even, in, open (for picky)',
    ]);
    expect(found('{ even: $.input.n, in: { a: $.input.a, b: 1 } }')).toEqual([
      '2 [b] the input has no b; it has a (for picky)',
    ]);
    expect(found('{ even: 2, in: { a: x, b: 1 } }')).toEqual([
      '2 [b] the input has no b; it has a (for picky)',
    ]);
    expect(found('{ even: 3 }')).toEqual(['2 [3] it must be even (for picky)']);
    expect(found('{ even: 3, in: { a: $.input.a } }')).toEqual(['2 [3] it must be even (for picky)']);
    expect(found('{ even: x }')).toEqual(['2 [x] it must be a whole number, not a text (for picky)']);
  });

  it.each(['"{{ defalt($.input.n, 1) }}"', '"{{ $.input.n ) }}"', '{{ $.input.n }}', '$.input..n'])(
    'says of %s no more than that it cannot be read',
    (text) => {
      const whole = step({ id: 'whole', input: z.object({ n: z.int() }), run: ({ n }) => n });
      const found = problemsOf(
        steps(`{ id: a, uses: whole, input: { n: ${text} } }`),
        skills().register(whole),
      );
      expect(found).toHaveLength(1);
    },
  );

  it('takes any of several shapes that a skill takes', () => {
    const input = z.object({
      to: z.union([z.string(), z.array(z.string()), z.strictObject({ name: z.string() })]),
      note: z.string().nullable().optional(),
    });
    const registry = skills().register(step({ id: 'send', input, run: () => 1 }));
    const send = (given: string): string[] =>
      problemsOf(steps(`{ id: a, uses: send, input: ${given} }`), registry);
    for (const right of [
      '{ to: x }',
      '{ to: [x, "{{ $.input.y }}"] }',
      '{ to: { name: $.input.x }, note: null }',
    ])
      expect(send(right)).toEqual([]);
    expect(send('{ to: 5 }')).toEqual([
      '2 [5] it must be a text or a list or a record, not a whole number (for send)',
    ]);
    expect(send('{ to: [5] }')).toEqual(['2 [5] it must be a text, not a whole number (for send)']);
    expect(send('{ to: x, note: 5 }')).toEqual([
      '2 [5] it must be a text or null, not a whole number (for send)',
    ]);
  });

  it("knows the workflow's input by its schema, and items by theirs", () => {
    const input = `input:
  type: object
  additionalProperties: false
  properties:
    documents: { type: array, items: { type: object, properties: { title: { type: string } }, additionalProperties: false } }
    text: { type: string }
`;
    const each = (list: string, field: string): string[] =>
      problemsOf(
        `${input}steps: [{ id: a, uses: echo, forEach: $.input.${list}, input: { t: $.item.${field} } }]`,
      );
    expect(each('documents', 'title')).toEqual([]);
    expect(each('documents', 'titel')).toEqual(['7 [$.item.titel] $.item has no titel -> $.item.title']);
    expect(each('document', 'x')).toEqual([
      '7 [$.input.document] $.input has no document -> $.input.documents',
    ]);
    expect(each('text', 'x')).toEqual(['7 [$.input.text] forEach goes over a list, which this is not']);
  });

  it('prints circles whole, all of them', () => {
    expect(
      problemsOf(
        steps(
          '{ id: a, uses: echo, dependsOn: [c] }',
          '{ id: b, uses: echo, input: $.steps.a.output }',
          '{ id: c, uses: echo, condition: $.steps.b.output }',
          '{ id: d, uses: echo, dependsOn: e }',
          '{ id: e, uses: echo, dependsOn: d }',
        ),
      ),
    ).toEqual([
      '2 [[c]] the steps wait for each other: a -> b -> c -> a',
      '5 [e] the steps wait for each other: d -> e -> d',
    ]);
  });

  it.each([
    '{ id: a, uses: echo, dependsOn: a }',
    '{ id: a, uses: echo, input: $.steps.b.output }',
    '{ id: a, uses: echo, input: { x: $.steps.a.output.y } }',
    '{ id: a, uses: echo, condition: false }',
  ])('tells once that two steps share an id, and not what follows from it: %s', (second) => {
    const found = problemsOf(
      steps(
        '{ id: a, uses: content-analyzer, input: { text: x } }',
        '{ id: b, uses: echo, input: $.steps.a.output.anything }',
        second,
      ),
    );
    expect(found).toEqual(['4 [a] two steps are called a']);
  });

  it('checks the rest where a step lacks what it must have', () => {
    const found = problemsOf(`steps:
  - id: a
  - uses: ecko
  - text
  - { id: b, uses: ecko, budget: { usd: -1 }, input: $.steps.a.output.x, dependsOn: c }
`);
    expect(found).toEqual([
      expect.stringContaining('a step needs uses'),
      expect.stringContaining('a step needs id'),
      '3 [ecko] there is no skill ecko -> echo',
      expect.stringContaining('4 [text]'),
      '5 [ecko] there is no skill ecko -> echo',
      '5 [-1] usd must be at least 0, not -1',
      '5 [c] there is no step c',
    ]);
  });

  it('finds steps that never run for others that never do', () => {
    const idle = steps(
      '{ id: a, uses: echo, condition: "false" }',
      '{ id: b, uses: echo, condition: $.steps.a.output.x == 1 }',
      '{ id: c, uses: echo, condition: "!exists($.steps.a.output)" }',
    );
    expect(problemsOf(idle).map((problem) => problem.replace(/.*\] /, ''))).toEqual([
      'a never runs: its condition cannot hold',
      'b never runs: its condition cannot hold',
    ]);
  });

  it('checks the workflow itself', () => {
    const one = 'steps: [{ id: a, uses: echo }]';
    expect(problemsOf('name: x')).toEqual(['1 [] a workflow needs steps, or a flow']);
    expect(problemsOf(`${one}\nflow: echo`)).toEqual(['2 [flow] a workflow has steps or a flow, not both']);
    expect(problemsOf(`name: a/b\n${one}`)).toEqual(['1 [a/b] a workflow "a/b" must not contain "/"']);
    expect(problemsOf(`input: { text: string }\n${one}`)).toEqual([
      '1 [input] input is a JSON Schema, such as { type: object, properties: { text: { type: string } } }',
    ]);
    expect(problemsOf(`output: { type: wat }\n${one}`)[0]).toContain('there is no type wat');
    expect(problemsOf(`input: { type: string, pattern: '^(a+)+$' }\n${one}`)[0]).toContain(
      'could take very long',
    );
    expect(problemsOf(`failFast: true\nonError: continue\n${one}`)).toEqual([
      '1 [failFast] failFast: true is the opposite of onError: continue',
    ]);
    expect(problemsOf(steps('{ id: a, uses: echo }', '{ id: a, uses: echo }'))).toEqual([
      '3 [a] two steps are called a',
    ]);
  });

  it('finds what is wrong in a flow, at its place in the file', () => {
    expect(problemsOf('name: x\nflow: "echo THEN nobody: write THEN"')).toEqual([
      expect.stringContaining('2 [THEN]'),
    ]);
    expect(problemsOf('flow: "echo THEN do it"')[0]).toContain('1 [do it]');
  });

  it('tells all problems at once: of the form, of names, of texts', () => {
    const found = problemsOf(`
nmae: x
steps:
  - id: a
    uses: echoo
    timeout: 30
    input: { a: "{{ $.input.a = 1 }}" }
  - id: b
    uses: echo
    dependsOn: [c]
`);
    expect(found.map((problem) => problem.replace(/ .*/, ''))).toEqual(['2', '5', '6', '7', '10']);
  });

  it('knows of no provider that nobody has', () => {
    const one = 'steps: [{ id: a, uses: echo }]';
    expect(problemsOf(`defaults: { provider: x }\n${one}`)).toEqual([
      '1 [x] there is no provider x; no skill has one',
    ]);
    const draw = step('draw', () => 'drawn');
    const registry = skills()
      .register(draw, { provider: 'openai.gpt-4', tags: ['drawing'] })
      .register(draw, { provider: 'ollama.llama' });
    const table = (more: string): string[] => problemsOf(`${one}\n${more}`, registry);
    expect(table('defaults: { provider: openai.gpt4 }')).toEqual([
      '2 [openai.gpt4] there is no provider openai.gpt4 -> openai.gpt-4',
    ]);
    expect(table('providers: { drawing: { preferredProviders: [ollama.llama, nobody] } }')).toEqual([
      '2 [nobody] there is no provider nobody; there are openai.gpt-4, ollama.llama',
    ]);
    expect(table('workflow: { steps: { drawing: { preferred_providers: [ollama.lama] } } }')).toEqual([
      '2 [ollama.lama] there is no provider ollama.lama -> ollama.llama',
    ]);
    expect(table('providers: { sculpting: { preferredProviders: [] } }')).toEqual([]);
    const flow = 'flow: echo\nproviders: { a: { preferredProviders: [GPT-4, openai, local, GPT4] } }';
    const providers = [{ name: 'GPT-4', id: 'openai', aliases: ['local'] }];
    expect(checkWorkflow(flow, { registry, providers })).toMatchObject([
      { message: 'there is no provider GPT4', suggestion: 'GPT-4' },
    ]);
  });

  it.each<[string, (i: number) => string]>([
    ['unknown steps', (i) => `{ id: abc${i}, uses: echo, dependsOn: [zbc${i}] }`],
    ['circles', (i) => `{ id: a${i}, uses: echo, dependsOn: a${i ^ 1} }`],
    ['a chain from its end', (i) => `{ id: a${i}, uses: echo, condition: $.steps.a${i + 1}.output }`],
    ['unknown skills', (i) => `{ id: a${i}, uses: ecko${i} }`],
  ])('is soon done with the largest of files, also one of %s', (_, lineOf) => {
    const text = steps(...Array.from({ length: 3800 }, (_, i) => lineOf(i)));
    const startedAt = performance.now();
    expect(problemsOf(text).length).toBeGreaterThan(0);
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });
});
