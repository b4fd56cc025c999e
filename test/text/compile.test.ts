import type { Workflow } from 'tutti';
import { run, StepFailedError, step } from 'tutti';
import { sequence } from 'tutti/operators';
import { compile, onSubject, parse, skillTable, type TaskInput, type TextGroup } from 'tutti/text';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { record } from '../operators/record.ts';
import { examples, providers } from './examples.ts';
import { play, story } from './play.ts';

const done = step('done', ({ task }: TaskInput) => task);
const resolver = skillTable({ defaultSkill: done });

describe('compile', () => {
  it('makes a workflow', () => {
    const workflow = compile('a THEN b', { resolver, name: 'two', version: '7' });
    expectTypeOf(workflow).toEqualTypeOf<Workflow<unknown, unknown>>();
    expect([workflow.id, workflow.version]).toEqual(['two', '7']);
    expect(record(run(workflow, 1)).events[0]).toMatchObject({
      type: 'run.started',
      workflow: 'two',
      version: '7',
    });
    const plain = compile('a', { resolver });
    expect([plain.id, plain.version]).toEqual(['text', '1']);
  });

  it.each(examples)('makes one that runs of: %s', (text) => {
    const played = play(text);
    expect(played.end.type).toBe('run.completed');
    const skipped = played.all('step.skipped').length;
    const conditions = text.match(/IF_FAILURE|ELSE/g)?.length ?? 0;
    expect(skipped).toBe(conditions);
    const reruns = text.includes('retry failed ones') ? 1 : 0;
    expect(played.inputs).toHaveLength(text.split(/THEN|AND|ELSE/).length - skipped - reruns);
  });

  it('takes what was parsed, also after it was stored', () => {
    const tree = parse('a AND b THEN IF_SUCCESS c ELSE d');
    const stored = JSON.parse(JSON.stringify(tree)) as typeof tree;
    const outputs = [tree, stored].map((one) => record(run(compile(one, { resolver }), 1)).output);
    expect(outputs).toEqual(['c', 'c']);
  });

  it('gives the output of the only task of the last phase, or a record of several', () => {
    expect(play('a THEN b').output).toBe('B');
    expect(play('a THEN b AND c d').output).toEqual({ b: 'B', 'c-d': 'C D' });
    expect(play('a THEN b AND c IF_FAILURE').output).toEqual({ b: 'B' });
    expect(play('a AND IF_ANY_FAILED b').output).toEqual({ a: 'A' });
    expect(play('a AND IF_ANY_FAILED retry failed ones').output).toBe('A');
    expect(play('a THEN IF_SUCCESS b ELSE c AND d').output).toBe('B');
    expect(play('a THEN IF_FAILURE b AND c').output).toBe('A');
  });

  it('can be run many times', () => {
    const workflow = compile('a AND b THEN c', { resolver });
    expect([1, 2].map((input) => record(run(workflow, input)).output)).toEqual(['c', 'c']);
  });

  it('runs texts of any length', { timeout: 60_000 }, () => {
    const chain = compile(Array.from({ length: 3_000 }, () => 'a').join(' THEN '), { resolver });
    expect(record(run(chain, 1)).output).toBe('a');
    const fan = compile(Array.from({ length: 2_000 }, (_, index) => `t${index}`).join(' AND '), { resolver });
    expect(Object.keys(record(run(fan, 1)).output as object)).toHaveLength(2_000);
  });
});

describe('conditions', () => {
  it.each([
    // success and failure
    ['a THEN IF_SUCCESS b ELSE c', {}, 'a b (c) = "B"'],
    ['a THEN IF_SUCCESS b ELSE c', { a: 1 }, 'a! (b) c = "C"'],
    ['a THEN IF_SUCCESS b ELSE c', { a: 1, c: 1 }, 'a! (b) c! = no c'],
    ['a THEN IF_FAILURE b ELSE c', {}, 'a (b) c = "C"'],
    ['a THEN IF_FAILURE b ELSE c', { a: 1 }, 'a! b (c) = "B"'],
    ['a THEN IF_FAILURE b THEN c', {}, 'a (b) c = "C"'],
    ['a THEN IF_FAILURE b THEN c', { a: 1 }, 'a! b c = "C"'],
    ['a THEN IF_FAILURE b THEN c', { a: 1, b: 1 }, 'a! b! = no b'],
    ['a THEN IF_ANY_FAILED b', { a: 1 }, 'a! b = "B"'],
    // the whole phase before
    ['a AND b THEN IF_SUCCESS c ELSE d', { b: 1 }, 'a b! (c) d = "D"'],
    ['a AND b THEN IF_FAILURE c', { b: 1 }, 'a b! c = "C"'],
    ['a AND b THEN IF_FAILURE c', {}, 'a b (c) = {"a":"A","b":"B"}'],
    // a skipped phase passes on what came before it
    ['a THEN IF_FAILURE b THEN IF_FAILURE c', {}, 'a (b) (c) = "A"'],
    ['a THEN IF_FAILURE b THEN IF_FAILURE c', { a: 1 }, 'a! b (c) = "B"'],
    ['a THEN IF_FAILURE b THEN IF_FAILURE c', { a: 1, b: 1 }, 'a! b! c = "C"'],
    ['a THEN IF_FAILURE b THEN IF_FAILURE c', { a: 1, b: 1, c: 1 }, 'a! b! c! = no c'],
    ['a THEN IF_SUCCESS b THEN IF_FAILURE c', { a: 1 }, 'a! (b) c = "C"'],
    // a failure that nothing handles
    ['a THEN b', { a: 1 }, 'a! = no a'],
    ['a THEN IF_SUCCESS b', { a: 1 }, 'a! (b) = no a'],
    ['a THEN IF_SUCCESS b THEN c', { a: 1 }, 'a! (b) = no a'],
    ['a AND b THEN c', { a: 1 }, 'a! b = no a'],
    ['a AND b AND c THEN d', { a: 1, c: 1 }, 'a! b c! = 2 tasks failed: a, c'],
    // a task's own condition
    ['a THEN b IF_SUCCESS AND c IF_FAILURE', {}, 'a b (c) = {"b":"B"}'],
    ['a THEN b IF_SUCCESS AND c IF_FAILURE', { a: 1 }, 'a! (b) c = {"c":"C"}'],
    ['a THEN b AND c IF_FAILURE', { a: 1 }, 'a! b c = {"b":"B","c":"C"}'],
    ['a THEN b AND c IF_SUCCESS', { a: 1 }, 'a! = no a'],
    ['a THEN IF_SUCCESS b IF_FAILURE ELSE c', { a: 1 }, 'a! (b) c = "C"'],
    ['a THEN b IF passing THEN c', { a: 1 }, 'a! (b) = no a'],
    ['a THEN b IF_CONTAINS("A") THEN c', {}, 'a b c = "C"'],
    ['a THEN b IF_CONTAINS("x") THEN c', {}, 'a (b) c = "C"'],
    ['a AND b THEN c IF_CONTAINS("B")', {}, 'a b c = "C"'],
    ['a AND b THEN c IF_CONTAINS("B")', { a: 1 }, 'a! b (c) = no a'],
    // the failures of a group
    ['a AND b AND IF_ANY_FAILED c THEN d', {}, 'a b (c) d = "D"'],
    ['a AND b AND IF_ANY_FAILED c THEN d', { b: 1 }, 'a b! c d = "D"'],
    ['a AND b AND IF_ANY_FAILED c', { b: 1 }, 'a b! c = {"a":"A","c":"C"}'],
    ['a AND b AND IF_ANY_FAILED c THEN d', { b: 1, c: 1 }, 'a b! c! = 2 tasks failed: b, c'],
    ['a AND b AND IF_ANY_FAILED c THEN IF_SUCCESS d ELSE e', { b: 1 }, 'a b! c (d) e = "E"'],
    ['a THEN IF_SUCCESS b AND IF_ANY_FAILED c ELSE d', { a: 1 }, 'a! (b) d (c) = "D"'],
    ['a THEN IF_SUCCESS b AND IF_ANY_FAILED c ELSE d', { b: 1 }, 'a b! (d) c = {"c":"C"}'],
    ['a THEN b AND IF_ANY_FAILED c IF_SUCCESS', { b: 1 }, 'a b! c = {"c":"C"}'],
    // what a group does again
    ['a AND b AND IF_ANY_FAILED retry failed ones THEN c', {}, 'a b c = "C"'],
    ['a AND b AND IF_ANY_FAILED retry failed ones THEN c', { b: 1 }, 'a b! b c = "C"'],
    ['a AND b AND IF_ANY_FAILED retry failed ones THEN c', { b: 2 }, 'a b! b! c = "C"'],
    ['a AND b AND IF_ANY_FAILED retry failed ones', { a: 1 }, 'a! b a = {"a":"A","b":"B"}'],
    [
      'a AND b AND IF_ANY_FAILED retry failed ones THEN c',
      { a: 2, b: 2 },
      'a! b! a! b! = 2 tasks failed: a, b',
    ],
    ['a AND b AND IF_ANY_FAILED retry failed ones THEN IF_FAILURE c', { b: 2 }, 'a b! b! c = "C"'],
    ['a AND b THEN IF_ANY_FAILED retry the failed tasks THEN c', { b: 1 }, 'a b! b c = "C"'],
    [
      'a THEN IF_SUCCESS b AND c AND IF_ANY_FAILED rerun failed ones ELSE d',
      { c: 1 },
      'a b c! (d) c = {"b":"B","c":"C"}',
    ],
    ['a THEN IF_SUCCESS b AND IF_ANY_FAILED retry failed ones ELSE d', { a: 1 }, 'a! (b) d = "D"'],
  ])('%s, where %j fail: %s', (text, failing, expected) => {
    expect(story(play(text, failing))).toBe(expected);
  });

  it('fail a run with the error as it was thrown, and with one error of several', () => {
    expect(play('a THEN b', { a: 1 }).error).toMatchObject({ name: 'Error', message: 'no a' });
    const { error } = play('a AND b', { a: 1, b: 1 });
    expect(error).toBeInstanceOf(StepFailedError);
    expect((error as StepFailedError).cause).toMatchObject({
      errors: [{ message: 'no a' }, { message: 'no b' }],
    });
  });

  it('are for the group in its place, also where a tree has one group twice', () => {
    const group = parse('a AND IF_ANY_FAILED b').phases[0] as TextGroup;
    const phases = [group, { type: 'conditional', when: 'success', group }] as const;
    expect(story(play({ type: 'workflow', phases }, { a: 1 }))).toBe('a! b (a-2) (b-2) = {"b":"B"}');
  });

  it('look for a text in anything', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const outputs: readonly (readonly [unknown, boolean])[] = [
      ['is approved', true],
      [{ review: ['approved'] }, true],
      [{ approved: false }, true],
      [{ review: 'rejected' }, false],
      [undefined, false],
      [cycle, false],
      [10n, false],
    ];
    for (const [output, holds] of outputs) {
      const skills = { review: step('review', () => output), publish: step('publish', () => 'published') };
      const workflow = compile('review THEN publish IF_CONTAINS("approved")', {
        resolver: skillTable({ skills }),
      });
      expect(record(run(workflow, 1)).all('step.skipped')).toHaveLength(holds ? 0 : 1);
    }
  });
});

describe('context', () => {
  const facts = ({ inputs }: { inputs: readonly TaskInput[] }, task: string) => {
    const found = inputs.filter((input) => input.task === task).at(-1);
    if (found === undefined) return expect.fail(`${task} did not run`);
    const { previous, failures, input } = found;
    return {
      input,
      previous: previous.map(({ id, output }) => `${id} ${output}`),
      failures: failures.map(({ id, error }) => `${id} ${error.message}`),
    };
  };

  it('of the first phase is the input', () => {
    expect(play('write it', {}, {}, { topic: 'tides' }).inputs).toEqual([
      {
        task: 'write it',
        input: { topic: 'tides' },
        previous: [],
        failures: [],
        prompt: 'write it\n\nInput:\n{\n  "topic": "tides"\n}',
      },
    ]);
  });

  it('of a later phase is what the one before has given', () => {
    const { inputs } = play('a AND b THEN c d THEN e');
    expect(inputs[2]).toEqual({
      task: 'c d',
      input: 'the input',
      previous: [
        { id: 'a', task: 'a', output: 'A' },
        { id: 'b', task: 'b', output: 'B' },
      ],
      failures: [],
      prompt: 'c d\n\nOutput of “a”:\nA\n\nOutput of “b”:\nB',
    });
    expect(inputs[3]?.previous).toEqual([{ id: 'c-d', task: 'c d', output: 'C D' }]);
  });

  it('of who handles a failure is the failure, and what the failed task had', () => {
    const played = play('a THEN b AND c THEN IF_FAILURE d THEN e', { c: 1 });
    expect(facts(played, 'd')).toEqual({
      input: 'the input',
      previous: ['a A', 'b B'],
      failures: ['c no c'],
    });
    expect(played.inputs.find(({ task }) => task === 'd')?.prompt).toBe(
      'd\n\nOutput of “a”:\nA\n\nOutput of “b”:\nB\n\nFailure of “c”:\nno c',
    );
    expect(facts(played, 'e')).toEqual({ input: 'the input', previous: ['d D'], failures: [] });
  });

  it('of who handles a failure of the first phase has the input in its prompt', () => {
    const prompts = play('a THEN IF_FAILURE b THEN IF_FAILURE c', { a: 1, b: 1 }).inputs.map(
      ({ prompt }) => prompt,
    );
    expect(prompts).toEqual([
      'a\n\nInput:\nthe input',
      'b\n\nInput:\nthe input\n\nFailure of “a”:\nno a',
      'c\n\nInput:\nthe input\n\nFailure of “b”:\nno b',
    ]);
  });

  it('of who is for the failures of a group is what the group has given, and they', () => {
    const played = play('a AND b AND IF_ANY_FAILED c THEN d', { b: 1 });
    expect(facts(played, 'c')).toEqual({ input: 'the input', previous: ['a A'], failures: ['b no b'] });
    expect(facts(played, 'd')).toEqual({ input: 'the input', previous: ['a A', 'c C'], failures: [] });
  });

  it('of a task that is done again is what it was', () => {
    const { inputs } = play('a THEN b AND c AND IF_ANY_FAILED retry failed ones THEN d', { c: 1 });
    expect(inputs[3]).toEqual(inputs[2]);
    expect(inputs[4]?.previous.map(({ id }) => id)).toEqual(['b', 'c']);
  });

  it('goes past what is skipped', () => {
    expect(facts(play('a THEN IF_FAILURE b THEN c'), 'c').previous).toEqual(['a A']);
  });

  it('is in the events', () => {
    const [started] = play('a').all('step.started');
    expect(started?.input).toMatchObject({ task: 'a', input: 'the input' });
  });

  it('is told in words whatever it is', () => {
    const outputs = [undefined, null, 7, 7n, [1], new Error('x'), { toJSON: () => expect.fail('no') }];
    for (const output of outputs) {
      const skills = { make: step('make', () => output) };
      const workflow = compile('make THEN use', { resolver: skillTable({ skills, defaultSkill: done }) });
      expect(record(run(workflow, 1)).output).toBe('use');
    }
  });
});

describe('providers', () => {
  const told = (text: string, options = {}) => play(text, {}, options).inputs.map(({ provider }) => provider);

  it('are told to the tasks, by name or tier', () => {
    expect(
      told('a with GPT-4 THEN b using claude THEN c with cheap model THEN d with free local model THEN e'),
    ).toEqual(['openai.gpt-4', 'anthropic.claude-3', 'Gemini', 'ollama.codellama', undefined]);
  });

  it('have aliases', () => {
    const table = [{ name: 'GPT-4', aliases: ['the big one'] }];
    expect(told('a with The Big One', { providers: table })).toEqual(['GPT-4']);
  });

  it('are told as they are written where there is no table', () => {
    expect(told('a with GPT-4 THEN b with free local model', { providers: undefined })).toEqual([
      undefined,
      'free local',
    ]);
  });

  it('do the task before again where that is all that is said', () => {
    const text = 'Try with GPT-4 THEN IF_FAILURE try with Claude THEN IF_FAILURE use local model';
    const played = play(text, { Try: 1, try: 1 });
    expect(played.inputs.map(({ task, provider }) => `${task} @${provider}`)).toEqual([
      'Try @openai.gpt-4',
      'try @anthropic.claude-3',
      'try @ollama.codellama',
    ]);
    expect(played.started.at(-1)).toBe('/parallel~3/use-local-model/use-local-model');
    expect(play('a AND b THEN use local model').inputs[2]).toMatchObject({ task: 'use local model' });
  });

  it('can be others for tasks that are done again', () => {
    const played = play('a with Claude AND b AND IF_ANY_FAILED retry failed ones with GPT-4', { a: 1 });
    expect(played.inputs.map(({ provider }) => provider)).toEqual([
      'anthropic.claude-3',
      undefined,
      'openai.gpt-4',
    ]);
  });
});

describe('skills', () => {
  const shout = step('shout', (text: string) => text.toUpperCase());
  const writer = step('writer', ({ prompt }: TaskInput) => `writer: ${prompt}`);
  const table = skillTable({
    skills: { 'make it loud': onSubject(shout), writer },
    aliases: { 'shout it': 'make it loud' },
    agents: { editor: step('editor-in-chief', ({ task }: TaskInput) => `edited: ${task}`) },
    defaultSkill: done,
  });
  const played = (text: string, input: unknown = 'in') =>
    record(run(compile(text, { resolver: table, providers }), input));

  it.each([
    ['make it loud', 'IN'],
    ['shout  it', 'IN'],
    ['Shout it', 'Shout it'],
    ['editor: clean it', 'edited: clean it'],
    ['writer: draft', 'writer: draft\n\nInput:\nin'],
    ['make it loud THEN shout it', 'IN'],
  ])('%s', (text, output) => {
    expect(played(text).output).toBe(output);
  });

  it('are told by their own id where the task names them, else by the id of the task', () => {
    const run = played('make it loud THEN editor: clean it THEN go on');
    expect(run.all('step.completed').map(({ path, step }) => [path, step])).toEqual([
      ['/parallel/make-it-loud', 'shout'],
      ['/parallel~2/clean-it', 'clean-it'],
      ['/parallel~3/go-on', 'go-on'],
    ]);
  });

  it('that know nothing of texts get the output before, or a record of several', () => {
    const seen: unknown[] = [];
    const look = onSubject(step('look', (subject: unknown) => seen.push(subject)));
    const resolver = skillTable({ skills: { look }, defaultSkill: done });
    for (const text of ['look', 'a THEN look', 'a AND b c THEN look'])
      record(run(compile(text, { resolver }), { page: 1 }));
    expect(seen).toEqual([{ page: 1 }, 'a', { a: 'a', 'b-c': 'b c' }]);
  });

  it('may be composites, which are steps of their own under the id of the task', () => {
    const twice = onSubject(
      sequence(
        shout,
        step('double', (text: string) => text + text),
      ),
    );
    const resolver = skillTable({ skills: { 'shout twice': twice }, defaultSkill: twice });
    const done = record(run(compile('shout twice THEN go on (retry up to 1 time)', { resolver }), 'a'));
    expect(done.output).toBe('AAAA');
    expect(done.started).toEqual([
      '/parallel/shout-twice',
      '/parallel/shout-twice/shout',
      '/parallel/shout-twice/double',
      '/parallel~2/go-on',
      '/parallel~2/go-on/shout',
      '/parallel~2/go-on/double',
    ]);
  });

  it('may be whole workflows', () => {
    const inner = compile('x AND y', { resolver });
    const outer = compile('inner THEN z', {
      resolver: skillTable({ skills: { inner: onSubject(inner) }, defaultSkill: done }),
    });
    const { output, started } = record(run(outer, 1));
    expect(output).toBe('z');
    expect(started).toEqual([
      '/parallel/inner',
      '/parallel/inner/parallel/x',
      '/parallel/inner/parallel/y',
      '/parallel~2/z',
    ]);
  });
});

describe('ids', () => {
  const ids = (text: string) => play(text).started.map((path) => path.split('/').at(-1));

  it.each([
    ['Write a Python function!', ['write-a-python-function']],
    ['a THEN A THEN "a" THEN a 2', ['a', 'a-2', 'a-3', 'a-2-2']],
    ['a 2 THEN a THEN a', ['a-2', 'a', 'a-3']],
    ['7 AND 3', ['task-7', 'task-3']],
    ['!!! THEN ???', ['task', 'task-2']],
    ['Über größe THEN 日本語', ['über-größe', '日本語']],
    ['__proto__ AND constructor', ['proto', 'constructor']],
    ['a/b[c]#1~2%', ['a-b-c-1-2']],
    ['x'.repeat(100), ['x'.repeat(48)]],
  ])('of %s', (text, expected) => {
    expect(ids(text)).toEqual(expected);
  });
});
