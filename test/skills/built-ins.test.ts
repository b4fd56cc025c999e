import { outputOf, run } from 'tutti';
import { loadWorkflow, SkillRegistry } from 'tutti/definition';
import { registerBuiltIns, shell } from 'tutti/skills';
import { marbles } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { record } from '../operators/record.ts';

describe('registerBuiltIns', () => {
  it('registers what is safe, and the rest where it is asked for', () => {
    const names = (options: Parameters<typeof registerBuiltIns>[1]) =>
      registerBuiltIns(new SkillRegistry(), options).names;
    expect(names({})).toEqual(['transform', 'log', 'sleep', 'approval', 'wait_for', 'http.request']);
    expect(names({ http: false })).not.toContain('http.request');
    expect(names({ root: '.', shell: { allow: [] } })).toEqual(
      expect.arrayContaining(['file.read', 'file.write', 'shell']),
    );
  });

  it('describes them, so that files are checked', () => {
    const registry = registerBuiltIns(new SkillRegistry());
    const load = () =>
      loadWorkflow('steps: [{ id: a, uses: http.request, input: { url: $.input.url, method: GTE } }]', {
        registry,
      });
    expect(load).toThrow('"GTE" is not one of "GET", "HEAD"');
  });

  it(
    'makes a workflow that runs on them alone',
    marbles((m) => {
      const { workflow } = loadWorkflow(
        `
steps:
  - { id: greeting, uses: transform, input: { text: "Hello {{ $.input.name }}" } }
  - { id: pause, uses: sleep, input: { duration: 5ms }, dependsOn: greeting }
  - { id: tell, uses: log, input: { message: $.steps.greeting.output.text, level: warn }, dependsOn: pause }
`,
        { registry: registerBuiltIns(new SkillRegistry()) },
      );
      const done = record(run(workflow, { name: 'Ada' }));
      m.flush();
      expect(done.output).toBe('Hello Ada');
      expect(done.all('step.log')).toMatchObject([{ message: 'Hello Ada', level: 'warn', step: 'tell' }]);
      expect(done.end.at).toBe(5);
    }),
  );
});

describe('approval and wait_for', () => {
  const { workflow } = loadWorkflow(
    `
steps:
  - { id: release, uses: approval, input: { text: $.input.text, within: 1h } }
  - { id: stock, uses: wait_for, input: { signal: "stock of {{ $.input.text }}" } }
  - { id: done, uses: transform, input: { by: $.steps.release.output.by, stock: $.steps.stock.output.count } }
`,
    { registry: registerBuiltIns(new SkillRegistry()) },
  );

  it(
    'wait for a signal under the id of the step, or the name that the input gives',
    marbles((m) => {
      const signals$ = m.cold('--a-b|', {
        a: { name: 'stock of tea', payload: { count: 3 } },
        b: { name: 'release', payload: { approved: true, by: 'Ann' } },
      });
      const done = record(run(workflow, { text: 'tea' }, { signals$ }));
      m.flush();
      expect(done.all('step.waiting').map(({ wait }) => wait)).toMatchObject([
        { kind: 'approval', name: 'release', dueAt: 3_600_000 },
        { kind: 'event', name: 'stock of tea' },
      ]);
      expect(done.all('step.completed')[1]?.output).toEqual({ text: 'tea', approved: true, by: 'Ann' });
      expect(done.output).toEqual({ by: 'Ann', stock: 3 });
    }),
  );

  it(
    'fail on a no, and when nobody answers in time',
    marbles((m) => {
      const signals$ = m.cold('--a', {
        a: { name: 'release', payload: { approved: false, comment: 'not yet' } },
      });
      const refused = record(run(workflow, { text: 'tea' }, { signals$ }));
      const late = record(run(workflow, { text: 'tea' }));
      m.flush();
      expect(refused.end).toMatchObject({
        error: { code: 'APPROVAL_REJECTED', message: expect.stringContaining('release') },
      });
      expect(late.end).toMatchObject({
        at: 3_600_000,
        error: { code: 'STEP_TIMEOUT', message: expect.stringContaining('release') },
      });
    }),
  );
});

describe('shell', () => {
  const node = shell({ allow: [process.execPath] });

  it('runs programs of its list, with arguments as they are', async () => {
    const script = 'process.stdin.pipe(process.stdout); console.error(process.argv[1])';
    const done = run(node, { command: process.execPath, args: ['-e', script, '$(id); *'], stdin: 'in' });
    expect(await outputOf(done)).toEqual({ stdout: 'in', stderr: '$(id); *\n' });
  });

  it('refuses others, and fails with what the program says', async () => {
    await expect(outputOf(run(node, { command: 'ls' }))).rejects.toThrow('ls is not among the programs');
    const failing = run(node, {
      command: process.execPath,
      args: ['-e', 'console.error("no"); process.exit(3)'],
    });
    await expect(outputOf(failing)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: expect.stringMatching(/: no$/),
    });
  });
});
