import { DefinitionError, step } from 'tutti';
import { type CompileOptions, compile, parse, skillTable, type TaskInput } from 'tutti/text';
import { describe, expect, it } from 'vitest';

const task = step('task', ({ prompt }: TaskInput) => prompt);

function wrong(text: Parameters<typeof compile>[0], options: Partial<CompileOptions> = {}): DefinitionError {
  try {
    compile(text, { resolver: skillTable({ skills: { 'run tests': task, writer: task } }), ...options });
  } catch (error) {
    if (error instanceof DefinitionError) return error;
    throw error;
  }
  return expect.fail('nothing is wrong');
}

describe('what a text asks for that there is not', () => {
  it('is told all at once, each with its place and carets', () => {
    expect(
      wrong('run test THEN writter: do it THEN run tests with free model', { providers: [] }).message,
    ).toBe(`workflow text: 3 problems
1:1: there is no skill "run test", and no default skill; did you mean "run tests"?
  run test THEN writter: do it THEN run tests with free model
  ^^^^^^^^
1:15: there is no agent "writter"; a text with a colon stands in quotes; did you mean "writer"?
  run test THEN writter: do it THEN run tests with free model
                ^^^^^^^^^^^^^^
1:35: there is no free provider
  run test THEN writter: do it THEN run tests with free model
                                    ^^^^^^^^^^^^^^^^^^^^^^^^^`);
  });

  it('is told with the skills that there are, where none has a name like it', () => {
    expect(wrong('write a poem').message).toContain(
      'there is no skill "write a poem", and no default skill; there are run tests, writer\n',
    );
  });

  it('is told with the keywords in upper case, where they were written in small letters', () => {
    expect(wrong('run tests then write a poem').message).toBe(
      `workflow text: 1 problem
1:1: there is no skill "run tests then write a poem", and no default skill; what joins tasks is in upper case; did you mean "run tests THEN write a poem"?
  run tests then write a poem
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^`,
    );
    expect(wrong('writer and run tests').message).toContain('did you mean "writer AND run tests"?');
    expect(wrong('find names and dates').message).not.toContain('upper case');
    expect(wrong('write "this then that"').message).not.toContain('upper case');
  });

  it('is told with the agents that there are, or that there are none', () => {
    expect(wrong('xylophone: draw a cat').message).toContain(
      'there is no agent "xylophone"; there are run tests, writer; a text with a colon stands in quotes\n',
    );
    expect(wrong('xylophone: draw a cat', { resolver: skillTable({}) }).message).toContain(
      'there is no agent "xylophone", and nobody else; a text with a colon stands in quotes\n',
    );
  });

  it('is told without places of a tree that was stored', () => {
    const stored = JSON.parse(JSON.stringify(parse('run test'))) as ReturnType<typeof parse>;
    const { message, problems } = wrong(stored);
    expect(message).toBe(
      'workflow text: 1 problem\nthere is no skill "run test", and no default skill; did you mean "run tests"?',
    );
    expect(problems).toHaveLength(1);
  });

  it('may be a provider that was known to who parsed it', () => {
    const tree = parse('run tests with GPT-5', { providers: ['GPT-5'] });
    const { problems } = wrong(tree, { providers: [{ name: 'GPT-4' }] });
    expect(problems).toMatchObject([
      { message: 'there is no provider "GPT-5"', suggestion: 'GPT-4', column: 1 },
    ]);
  });

  it('may be in what only runs after failures', () => {
    expect(wrong('run tests AND IF_ANY_FAILED x THEN IF_SUCCESS run tests ELSE y').problems).toMatchObject([
      { column: 29 },
      { column: 62 },
    ]);
    expect(
      wrong('run tests AND IF_ANY_FAILED retry failed ones with free model', { providers: [] }).problems,
    ).toHaveLength(1);
  });

  it('has no suggestion where nothing is like it', () => {
    expect(wrong('fly to the moon').problems[0]?.suggestion).toBeUndefined();
  });

  it.each<Partial<CompileOptions>>([
    { resolver: undefined as never },
    { resolver: {} as never },
    { name: 'a/b' },
    { budget: { usd: -1 } },
    { defaults: { concurrency: 0 } },
    { defaults: { timeout: 'soon' } },
    { defaults: { retry: { delay: -1 } } },
  ])('may be an option that means nothing: %j', (options) => {
    expect(() =>
      compile('run tests', { resolver: skillTable({ skills: { 'run tests': task } }), ...options }),
    ).toThrow(DefinitionError);
  });

  it.each<unknown>([
    undefined,
    7,
    {},
    { type: 'workflow', phases: [] },
    { type: 'workflow', phases: [{ type: 'group', tasks: [] }] },
    { type: 'workflow', phases: [{ type: 'group', tasks: [{ type: 'task' }] }] },
    { type: 'workflow', phases: [{ type: 'conditional', when: 'success' }] },
    { type: 'workflow', phases: [null] },
  ])('may be a tree that is none: %j', (tree) => {
    expect(() => wrong(tree as never)).not.toThrow();
  });

  it('is told after what is wrong with the text itself', () => {
    expect(wrong('x THEN').message).toMatch('1:3: THEN has no task after it');
  });
});
