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
    expect(names({})).toEqual(['transform', 'log', 'sleep', 'http.request']);
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
