import { HttpStatusError, run, type Step, step } from 'tutti';
import { checkWorkflow, loadWorkflow, SkillRegistry } from 'tutti/definition';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { record } from '../../operators/record.ts';
import { skills } from '../skills.ts';

const load = (text: string, registry = skills()) => loadWorkflow(text, { registry }).workflow;

/** A registry of steps. */
const registryOf = (...steps: readonly Step<never, unknown, unknown>[]) =>
  steps.reduce((registry, one) => registry.register(one), new SkillRegistry());

/** A step that takes `ms` milliseconds and gives its id. */
const wait = (m: MarblesContext, id: string, ms: number) => fakeStep(m, id, `${ms}ms (${id}|)`);

describe('loadWorkflow', () => {
  it('runs steps as soon as what they read is there', () => {
    const workflow = load(`
name: moderation
version: 1.10
steps:
  - id: respond
    uses: response-generator
    input: { original: $.input.text, moderation: $.steps.moderate.output }
    condition: $.steps.moderate.output.approved == true
  - id: moderate
    uses: content-moderator
    input: { text: $.input.text, analysis: $.steps.analyze.output }
  - id: analyze
    uses: analyzer
    input: { text: $.input.text }
`);
    expect([workflow.id, workflow.version]).toEqual(['moderation', '1.10']);
    const good = record(run(workflow, { text: 'a fine day' }));
    expect(good.started).toEqual(['/analyze', '/moderate', '/respond']);
    expect(good.output).toEqual({ message: 'Thank you for: a fine day' });
    expect(good.all('step.completed').map((event) => event.step)).toEqual(['analyze', 'moderate', 'respond']);
    const bad = record(run(workflow, { text: 'a stupid day' }));
    expect(bad.started).toEqual(['/analyze', '/moderate']);
    expect(bad.all('step.skipped')).toMatchObject([{ step: 'respond', path: '/respond' }]);
    expect(bad.output).toBeUndefined();
  });

  it('gives a step without a mapping the input, or, after others, that and their outputs by id', () => {
    const workflow = load(`
steps:
  - { id: a, uses: echo }
  - { id: b, uses: echo, dependsOn: a }
`);
    expect(record(run(workflow, { x: 1 })).output).toEqual({ input: { x: 1 }, a: { x: 1 } });
  });

  it('gives a map of the sinks, where there are several', () => {
    const workflow = load(
      'steps: [{ id: a, uses: echo, input: 1 }, { id: b, uses: echo, input: "{{ 1 + 1 }}" }]',
    );
    expect(record(run(workflow, undefined)).output).toEqual({ a: 1, b: 2 });
  });

  it('skips what a false condition is for; what comes after it runs with undefined', () => {
    const workflow = load(`
steps:
  - { id: a, uses: echo, condition: $.input.nothing == 1 }
  - { id: b, uses: echo, input: { a: $.steps.a.output, b: "<{{ $.steps.a.output }}>" } }
`);
    const done = record(run(workflow, {}));
    expect(done.started).toEqual(['/b']);
    expect(done.output).toStrictEqual({ a: undefined, b: '<>' });
  });

  it(
    'retries, times out and falls back, as the file says',
    marbles((m) => {
      const flaky = fakeStep(m, 'flaky', '-#', { error: new HttpStatusError(503) });
      const slow = wait(m, 'slow', 50);
      const basic = wait(m, 'z', 1);
      const workflow = load(
        `
steps:
  - id: primary
    uses: flaky
    retry: { max_retries: 2, delay: 2ms, backoff_factor: 2 }
    fallback:
      - { id: second, uses: slow, timeout: 3ms }
      - z
`,
        registryOf(flaky, slow, basic),
      );
      const done = record(run(workflow, 'x'));
      m.flush();
      expect(done.output).toBe('z');
      expect(done.all('step.retrying').map(({ delayMs }) => delayMs)).toEqual([2, 4]);
      expect(done.all('step.fallback').map(({ to, path }) => [to, path])).toEqual([
        ['second', '/primary'],
        ['z', '/primary'],
      ]);
      expect(done.started).toEqual([
        '/primary',
        '/primary',
        '/primary',
        '/primary/!fallback:second',
        '/primary/!fallback:z',
      ]);
      expect(done.end.at).toBe(1 + 2 + 1 + 4 + 1 + 3 + 1);
      expect(basic.calls).toMatchObject([{ input: 'x' }]);
    }),
  );

  it('retries on the statuses given, and not on a timeout where told so', () => {
    const text = (retry: string): string =>
      `steps: [{ id: a, uses: failing, input: { status: 418 }, retry: { delay: 0s, ${retry} } }]`;
    const attempts = (retry: string): number => record(run(load(text(retry)), {})).all('step.started').length;
    expect(attempts('maxRetries: 2')).toBe(1);
    expect(attempts('maxRetries: 2, on: [418]')).toBe(3);
    expect(attempts('maxRetries: 2, on: [418], onTimeout: false')).toBe(3);
    expect(attempts('maxRetries: 2, on: [500], onTimeout: false')).toBe(1);
  });

  it(
    'does not retry a timeout where told so',
    marbles((m) => {
      const text = (onTimeout: boolean): string =>
        `steps: [{ id: a, uses: slow, timeout: 1ms, retry: { maxRetries: 1, delay: 1ms, onTimeout: ${onTimeout} } }]`;
      const [first, second] = [wait(m, 'slow', 9), wait(m, 'slow', 9)];
      const once = record(run(load(text(false), registryOf(first)), 1));
      const twice = record(run(load(text(true), registryOf(second)), 1));
      m.flush();
      expect([once.end.type, first.calls.length]).toEqual(['run.failed', 1]);
      expect([twice.end.type, second.calls.length]).toEqual(['run.failed', 2]);
    }),
  );

  it('lets a fallback and a compensation make an input of their own, of what the step could read', () => {
    const undo = step('undo', (given: unknown) => given);
    const workflow = load(
      `
steps:
  - { id: first, uses: echo, input: { n: 1 } }
  - id: second
    uses: failing
    input: { n: $.steps.first.output.n }
    fallback:
      uses: echo
      input: { instead: "{{ $.steps.first.output.n + 1 }}", of: $.input.x }
    compensate:
      uses: undo
      input: { was: $.step.output.instead, for: $.step.input.n, x: $.input.x }
  - { id: third, uses: failing, dependsOn: [second] }
`,
      skills().register(undo),
    );
    const done = record(run(workflow, { x: 'y' }));
    expect(done.end.type).toBe('run.failed');
    const outputs = done.all('step.completed').map(({ path, output }) => [path, output]);
    expect(outputs).toEqual([
      ['/first', { n: 1 }],
      ['/second/!fallback:echo', { instead: 2, of: 'y' }],
      ['/second', { instead: 2, of: 'y' }],
      ['/second/!compensate', { was: 2, for: 1, x: 'y' }],
    ]);
  });

  it('runs a step for each item of a list', () => {
    const workflow = load(`
steps:
  - id: sizes
    uses: analyzer
    forEach: $.input.documents
    concurrency: 2
    input: { text: "{{ $.item.text }} {{ $.index }} {{ $.input.more }}" }
`);
    const done = record(run(workflow, { documents: [{ text: 'a' }, { text: 'b c' }], more: '!' }));
    expect(done.output).toMatchObject([{ words: 3 }, { words: 4 }]);
    expect(done.started).toEqual(['/sizes', '/sizes/content-analyzer[0]', '/sizes/content-analyzer[1]']);
    expect(record(run(workflow, {})).output).toEqual([]);
    expect(record(run(workflow, { documents: 5 })).end.type).toBe('run.failed');
  });

  it('leaves out items that fail, names items, and reduces what is left', () => {
    const picky = step('picky', (n: unknown) => {
      if (n === 2) throw new RangeError('two');
      return n;
    });
    const workflow = load(
      `
steps:
  - id: each
    uses: picky
    forEach: { over: [1, 2, 3], key: "'n' + $.item", on_error: continue }
    reduce: { uses: echo, input: { results: $.results } }
`,
      skills().register(picky),
    );
    const done = record(run(workflow, {}));
    expect(done.output).toEqual({ results: [1, 3] });
    const items = ['n1', 'n2', 'n3'].map((key) => `/each/mapEach/picky[${key}]`);
    expect(done.started).toEqual(['/each', ...items, '/each/echo']);
    const listed = load(
      'steps: [{ id: each, uses: picky, forEach: { over: [1, 2], onError: continue } }]',
      skills().register(picky),
    );
    expect(record(run(listed, {})).output).toEqual([1]);
  });

  it('fails with the item that fails, where not told otherwise', () => {
    const workflow = load('steps: [{ id: a, uses: failing, forEach: [1], reduce: echo }]');
    expect(record(run(workflow, {})).error).toBeInstanceOf(HttpStatusError);
  });

  it('remembers outputs by input, over runs', () => {
    let calls = 0;
    const counting = step('counting', () => ++calls);
    const workflow = load(
      'steps: [{ id: a, uses: counting, cache: true, input: { x: $.input.x } }]',
      registryOf(counting),
    );
    expect([1, 1, 2].map((x) => record(run(workflow, { x })).output)).toEqual([1, 1, 2]);
  });

  it(
    'runs as many steps at once as it may, and some alone',
    marbles((m) => {
      const registry = registryOf(wait(m, 's', 1));
      const steps = 'steps: [{ id: a, uses: s }, { id: b, uses: s, parallel: false }, { id: c, uses: s }]';
      m.expectRun(run(load(steps, registry), 1)).toBe(
        '(run> a>) 1ms (a. a| b>) 1ms (b. b| c>) 1ms (c. c| run|)',
      );
      m.expectRun(
        run(load(`${steps.replaceAll(', parallel: false', '')}\nmax_parallel_steps: 2`, registry), 1),
      ).toBe('(run> a> b>) 1ms (a. a| c> b. b|) 1ms (c. c| run|)');
    }),
  );

  it.each<[string, readonly string[], number]>([
    ['abort', ['/a'], 1],
    ['continue', ['/a', '/b'], 1],
    ['retry', ['/a', '/a'], 2],
  ])('means by a failure what onError says: %s', (action, started, attempts) => {
    const workflow = load(`
onError: ${action}
defaults: { retry: ${action === 'retry' ? '{ maxRetries: 1, delay: 0ms }' : 0} }
steps:
  - { id: a, uses: failing }
  - { id: b, uses: echo, parallel: false }
  - { id: c, uses: echo, dependsOn: a }
`);
    const done = record(run(workflow, {}));
    expect([done.end.type, done.started]).toEqual(['run.failed', started]);
    expect(done.all('step.failed')).toMatchObject([{ step: 'a', attempt: attempts }]);
  });

  it('retries each step once with onError: retry, where nothing else is said', () => {
    const { workflow } = loadWorkflow('on_error: { action: retry }\nsteps: [{ id: a, uses: failing }]', {
      registry: skills(),
    });
    const done = record(run(workflow, {}));
    expect(done.events.at(-1)).toMatchObject({ type: 'step.retrying', delayMs: 1000, nextAttempt: 2 });
  });

  it('stops at the budget, and does not begin what is expected to cost too much', () => {
    const dear = step('dear', (_: unknown, { cost }) => cost({ usd: 1 }));
    const registry = skills().register(dear, { estimateUsd: 1 });
    const text =
      'budget: { usd: 1.5 }\nsteps: [{ id: a, uses: dear }, { id: b, uses: dear, dependsOn: a, fallback: echo }]';
    const done = record(run(load(text, registry), {}));
    expect(done.all('step.cost')).toHaveLength(1);
    expect(done.all('step.fallback')).toMatchObject([{ to: 'echo', error: { code: 'BUDGET_EXCEEDED' } }]);
    expect(done.end).toMatchObject({ type: 'run.completed', costUsd: 1 });
  });

  it("checks input and output by the file's schemas, and fills in defaults", () => {
    const workflow = load(`
input:
  type: object
  properties: { text: { type: string }, times: { type: integer, default: 2 } }
  required: [text]
output: { type: number }
steps: [{ id: a, uses: echo, input: $.input.times }]
`);
    expect(record(run(workflow, { text: 'x' })).output).toBe(2);
    expect(() => run(workflow, { text: 5 })).toThrow(expect.objectContaining({ code: 'INPUT_VALIDATION' }));
  });

  it('prefers providers, as the file says', () => {
    const by = (provider: string) => step(provider, () => provider);
    const registry = new SkillRegistry();
    for (const provider of ['cheap.one', 'dear.two', 'local.three'])
      registry.register(by(provider), { name: 'write', provider, tags: ['writing'] });
    const output = (more: string, step = ''): unknown =>
      record(run(load(`steps: [{ id: a, uses: write${step} }]\n${more}`, registry), {})).output;
    expect(output('')).toBe('cheap.one');
    expect(output('', ', provider: local.three')).toBe('local.three');
    expect(output('defaults: { provider: dear.two }')).toBe('dear.two');
    expect(output('workflow: { steps: { writing: { preferred_providers: [dear.two, cheap.one] } } }')).toBe(
      'dear.two',
    );
    const inFlow = load('flow: write\ndefaults: { provider: local.three }', registry);
    expect(record(run(inFlow, {})).output).toBe('local.three');
  });

  it('runs a flow in the text language, with settings beside it', () => {
    const shout = step('shout', ({ prompt }: { prompt: string }) => prompt.split('\n')[0]?.toUpperCase());
    const registry = skills().register(shout, { aliases: ['default'] });
    const { workflow, settings } = loadWorkflow(
      `
flow = "draft the text AND check facts THEN polish"
[workflow]
max_parallel_steps = 1
[debug]
workflow_tracing = true
log_step_details = true
[webhooks]
error_occurred = "https://example.com/error"
`,
      { registry, file: 'flows/support.toml' },
    );
    expect(workflow.id).toBe('support');
    expect(record(run(workflow, 'x')).output).toBe('POLISH');
    expect(settings).toEqual({
      webhooks: { errorOccurred: 'https://example.com/error' },
      verbosity: 'verbose',
      saveIntermediateResults: false,
      logLevel: 'debug',
    });
  });

  it('tells a skill of a flow which provider is preferred for its kind of work, unless the text names one', () => {
    const told = step('told', ({ provider }: { provider?: string }) => provider ?? 'nobody');
    const registry = new SkillRegistry().register(told, { tags: ['writing'] });
    const providers = [{ name: 'GPT-4', id: 'openai.gpt-4' }, { name: 'Claude' }];
    const output = (text: string): unknown =>
      record(run(loadWorkflow(text, { registry, providers, defaultSkill: 'told' }).workflow, 1)).output;
    const preferring = 'providers: { writing: { preferredProviders: [openai.gpt-4] } }';
    expect(output('flow: told')).toBe('nobody');
    expect(output(`flow: told\n${preferring}`)).toBe('openai.gpt-4');
    expect(output(`flow: Write it\n${preferring}`)).toBe('openai.gpt-4');
    expect(output(`flow: Write it with Claude\n${preferring}`)).toBe('Claude');
    expect(output('flow: told\nproviders: { drawing: { preferredProviders: [Claude] } }')).toBe('nobody');
  });

  it.each<[string, object]>([
    [
      'workflow_tracing = true',
      { verbosity: 'verbose', saveIntermediateResults: false, logLevel: undefined },
    ],
    [
      'workflow_tracing = false',
      { verbosity: 'normal', saveIntermediateResults: false, logLevel: undefined },
    ],
    ['save_intermediate_results = true', { verbosity: undefined, saveIntermediateResults: true }],
    ['log_step_details = true', { saveIntermediateResults: false, logLevel: 'debug' }],
    ['log_step_details = false', { saveIntermediateResults: false, logLevel: 'info' }],
  ])('hands on what [debug] asks of those who run it: %s', (line, settings) => {
    const text = `steps = [{ id = "a", uses = "echo" }]\n[debug]\n${line}`;
    expect(loadWorkflow(text, { registry: skills() }).settings).toMatchObject(settings);
  });

  it(
    "holds to Goblin's limits in a flow: seconds for each attempt, retries, and dollars",
    marbles((m) => {
      const limits = '[workflow]\nstep_timeout = 300\nmax_retries = 1\n';
      const slow = record(run(load(`flow = "slow"\n${limits}`, registryOf(wait(m, 'slow', 300_001))), 1));
      const dear = step('dear', (_: unknown, { cost }) => cost({ usd: 0.9 }));
      const cost = '[workflow.cost_control]\nmax_cost_per_workflow = 1.0\nbudget_alert_threshold = 0.8';
      const spent = record(run(load(`flow = "dear THEN dear THEN dear"\n${cost}`, registryOf(dear)), 1));
      m.flush();
      expect(slow.all('step.retrying')).toMatchObject([{ delayMs: 1000, error: { code: 'STEP_TIMEOUT' } }]);
      expect([slow.end.type, slow.end.at]).toEqual(['run.failed', 300_000 + 1000 + 300_000]);
      expect(spent.all('budget.alert')).toMatchObject([{ spentUsd: 0.9, limitUsd: 1 }]);
      expect(spent.all('step.cost')).toHaveLength(2);
      expect(spent.end).toMatchObject({ type: 'run.failed', error: { code: 'BUDGET_EXCEEDED' } });
    }),
  );

  it('hands on all webhooks, and takes one address for failures', () => {
    const text = (address: string): string => `
steps: [{ id: a, uses: echo }]
on_error: { action: abort, notify_webhook: "https://a.example/failed" }
webhooks: { workflow_complete: "https://a.example/done", step_complete: "https://a.example/step", error_occurred: "${address}" }
`;
    const { settings } = loadWorkflow(text('https://a.example/failed'), { registry: skills() });
    expect(settings.webhooks).toEqual({
      workflowComplete: 'https://a.example/done',
      stepComplete: 'https://a.example/step',
      errorOccurred: 'https://a.example/failed',
    });
    expect(checkWorkflow(text('https://b.example'), { registry: skills() })).toMatchObject([
      { message: 'notifyWebhook and webhooks.errorOccurred are the same; one is enough', line: 3 },
    ]);
  });

  it('hands skills of a flow what they take', () => {
    const done = record(run(load('flow: analyzer THEN echo'), 'one two'));
    expect(done.all('step.completed')[0]).toMatchObject({ output: { words: 2 } });
    const text = 'input: { type: string }\nflow: analyzer';
    expect(record(run(load(text), 'one two')).output).toMatchObject({ words: 2 });
    expect(() => run(load(text), 5)).toThrow(expect.objectContaining({ code: 'INPUT_VALIDATION' }));
  });

  it('takes data in place of a text', () => {
    const { workflow } = loadWorkflow({ steps: [{ id: 'a', uses: 'echo' }] }, { registry: skills() });
    expect(record(run(workflow, 1)).output).toBe(1);
  });

  it('refuses a file with one error of all its problems, with places and carets', () => {
    const text = 'name: x\nsteps:\n  - id: a\n    uses: ecco\n  - id: b\n    uses: echo\n    needs: a\n';
    expect(() => loadWorkflow(text, { registry: skills(), file: 'x.yaml' })).toThrow(
      expect.objectContaining({
        name: 'DefinitionError',
        message: `x.yaml: 2 problems
x.yaml:4:11: there is no skill ecco; did you mean "echo"?
      uses: ecco
            ^^^^
x.yaml:7:5: a step has no field needs; did you mean "dependsOn"?
      needs: a
      ^^^^^`,
      }),
    );
    expect(checkWorkflow(text, { registry: skills() })).toHaveLength(2);
  });
});
