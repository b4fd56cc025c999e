import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workflowJsonSchema } from 'tutti/definition';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inPipe, inTerminal } from './call.ts';
import { Project } from './project.ts';

const patience = 120_000;
const options = { timeout: patience };
const skills = ['--skills', 'examples/skills.ts'];
let project: Project;

beforeAll(() => {
  project = Project.make();
  project.put(
    'slow.mjs',
    `import { step } from 'tutti';
import { compensate } from 'tutti/operators';

const waits = (_, { signal, progress }) => {
  progress(0.5, 'waiting');
  const alive = setInterval(() => {}, 60_000);
  return new Promise((_, reject) => signal.addEventListener('abort', () => {
    clearInterval(alive);
    reject(signal.reason);
  }));
};
// Who writes nothing does not learn that nobody reads
const talks = (_, { signal, partial }) => {
  const talking = setInterval(() => partial('and'), 20);
  return new Promise((_, reject) => signal.addEventListener('abort', () => {
    clearInterval(talking);
    reject(signal.reason);
  }));
};
const undo = step('undo', () => new Promise(() => setInterval(() => {}, 60_000)));
export default (registry) => {
  registry.register(step('wait', waits));
  registry.register(step('talk', talks));
  registry.register(step('stubborn', () => 1).with(compensate(undo)));
  registry.register(step('spend', (_, ctx) => { ctx.cost({ usd: 2 }); return 'spent'; }));
  let calls = 0;
  registry.register(step('flaky', (_, { log }) => {
    log('a detail', 'debug');
    if (calls++ === 0) throw new RangeError('not yet');
    return 'at last';
  }));
  registry.register(step('fail', () => { throw new RangeError('no such luck'); }));
};
`,
  );
}, patience);

afterAll(() => project.remove());

/** What each example is run with, and what it gives. */
const examples = {
  'content-moderation.yaml': [
    ['--input', '{"text": "I love this desk!"}'],
    /"message": "Thank you for this\."/,
  ],
  'document-processor.yaml': [
    ['--input', '@path.json', '--set', 'path=examples/content-analysis/texts/en-kennedy-1962.txt'],
    /^en-kennedy-1962\.txt \(English, positive\): /,
  ],
  'support.toml': [
    ['--set', 'text=The desk is damaged, and nobody answers. Please send a new desk.'],
    /^Polish it: Draft a reply: .*desk/,
  ],
  'summarize AND score sentiment THEN Write it up': [
    ['--set', 'text=The shop was excellent. I love the desk.'],
    /^Write it up: The shop was excellent\.$/,
  ],
  'detect language AND look for offensive words THEN Write a note IF_CONTAINS("English")': [
    ['--set', 'text=I love this desk.'],
    /^Write a note: English\.$/,
  ],
  'score sentiment (retry up to 1 time) THEN IF_FAILURE emoji-sentiment ELSE Praise it THEN Write it up': [
    ['--input', '{ "text": "とても 😀", "language": "ja" }'],
    /^Write it up: positive$/,
  ],
} as const;

describe('examples', () => {
  for (const [name, [input, output]] of Object.entries(examples)) {
    it.concurrent(`run, in a pipe and in a terminal: ${name}`, options, async () => {
      project.put('path.json', '{ "path": "another" }');
      const args = ['run', /\.(yaml|toml)$/.test(name) ? `examples/${name}` : name, ...skills, ...input];
      const pipe = inPipe(project, args);
      const terminal = inTerminal(project, args);
      expect([await pipe.code, await terminal.code]).toEqual([0, 0]);
      const end = pipe.events.at(-1);
      const made = end?.type === 'run.completed' ? end.output : undefined;
      expect(typeof made === 'string' ? made : JSON.stringify(made, null, 2)).toMatch(output);
      const steps = new Set(pipe.events.flatMap(({ type, step }) => (type === 'step.completed' ? step : [])));
      expect(steps.size).toBeGreaterThan(1);
      for (const step of steps) expect(terminal.text).toMatch(new RegExp(`✔ ${step} `));
      expect(terminal.text.split('\n\n').at(-1)?.trimEnd()).toMatch(output);
    });
  }
});

describe('tutti run, in a pipe', () => {
  it.concurrent(
    'writes events as lines of JSON, and takes a fallback where it knows no words',
    options,
    async () => {
      const call = inPipe(project, ['run', 'examples/content-moderation.yaml', ...skills, '--input', '-'], {
        stdin: JSON.stringify({ text: 'とても嬉しいです 😀😀' }),
      });
      expect({ code: await call.code, stderr: call.stderr }).toEqual({ code: 0, stderr: '' });
      const { events } = call;
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
      expect(events.filter(({ type }) => type === 'step.fallback')).toMatchObject([
        { to: 'emoji-sentiment' },
      ]);
      expect(events.at(-1)).toMatchObject({
        type: 'run.completed',
        output: { message: 'Thank you for this.' },
      });
    },
  );

  it.concurrent('skips what a condition does not let through', options, async () => {
    const call = inPipe(project, [
      ...['run', 'examples/content-moderation.yaml', ...skills],
      ...['--set', 'text=You are a stupid bastard, and this is shit.'],
    ]);
    expect(await call.code).toBe(0);
    expect(call.events.filter(({ type }) => type === 'step.skipped')).toMatchObject([{ step: 'respond' }]);
  });

  it.concurrent('runs a text, and tells only how it ended when it is to be quiet', options, async () => {
    const text = 'summarize AND score sentiment THEN Write it up with local model';
    const input = ['--input', '{"text": "The shop was excellent. I love the desk."}', '--quiet'];
    const call = inPipe(project, ['run', text, ...skills, ...input]);
    expect(await call.code).toBe(0);
    expect(call.events.map(({ type }) => type)).toEqual(['run.completed']);
    expect(call.events[0]).toMatchObject({
      output: expect.stringMatching(/^Write it up: The shop was excellent\.$/),
    });
  });

  it.concurrent('ends with 1 when the run fails, and says why', options, async () => {
    const call = inPipe(project, ['run', 'fail', '--skills', 'slow.mjs']);
    expect(await call.code).toBe(1);
    expect(call.stderr).toBe('tutti: failed: fail: no such luck\n');
    expect(call.events.at(-1)).toMatchObject({ type: 'run.failed', error: { name: 'RangeError' } });
  });

  it.concurrent('ends with 1 when an event cannot be written', options, async () => {
    const odd = project.put(
      'odd.mjs',
      "import { step } from 'tutti';\nexport const odd = step('odd', () => () => 1);",
    );
    const call = inPipe(project, ['run', 'odd', '--skills', odd]);
    expect(await call.code).toBe(1);
    expect(call.stderr).toMatch(/^tutti: .*function.*\n$/);
  });

  it.concurrent('stops what costs too much, and what takes too long', options, async () => {
    const dear = inPipe(project, ['run', 'spend', '--skills', 'slow.mjs', '--max-cost', '1.5']);
    const slow = inPipe(project, ['run', 'wait', '--skills', 'slow.mjs', '--timeout', '50ms']);
    expect([await dear.code, await slow.code]).toEqual([1, 1]);
    expect(dear.events.at(-1)).toMatchObject({ error: { code: 'BUDGET_EXCEEDED' }, costUsd: 2 });
    expect(slow.events.at(-1)).toMatchObject({ error: { code: 'STEP_TIMEOUT' } });
  });

  it.concurrent('cancels gracefully on a signal', options, async () => {
    const call = inPipe(project, ['run', 'wait', '--skills', 'slow.mjs']);
    await call.wrote('step.progress');
    call.process.kill('SIGINT');
    expect(await call.code).toBe(130);
    expect(call.events.at(-1)).toMatchObject({ type: 'run.cancelled', reason: 'interrupted' });
    expect(call.stderr).toContain('cancelled: interrupted');
  });

  it.concurrent('cancels when nobody reads what it writes', options, async () => {
    const call = inPipe(project, ['run', 'talk', '--skills', 'slow.mjs', '--timeout', '20s']);
    call.process.stdout?.once('data', () => call.process.stdout?.destroy());
    expect(await call.code).toBe(130);
  });
});

describe('tutti run, refused', () => {
  const refused = async (args: readonly string[]): Promise<string> => {
    const call = inPipe(project, ['run', ...args]);
    expect({ code: await call.code, stdout: call.stdout }).toEqual({ code: 2, stdout: '' });
    return call.stderr;
  };

  it.concurrent('names what is wrong with a definition, an input and a command line', options, async () => {
    const bad = project.put(
      'bad.yaml',
      'steps:\n  - { id: a, uses: summarise }\n  - { id: b, uses: log, input: 1 }\n',
    );
    const said = await Promise.all([
      refused([bad, ...skills]),
      refused(['examples/content-moderation.yaml', ...skills, '--input', '{}', '--timeout', '1s']),
      refused(['examples/content-moderation.yml', ...skills]),
      refused(['log', '--input', 'hello']),
      refused(['log', '--set', '__proto__.x=1']),
      refused(['log', '--max-cost', 'little']),
      refused(['log', '--timeout', 'soon']),
      refused(['log', '--skills', 'none.mjs']),
      refused(['write a poem']),
    ]);
    expect(said.map((text) => text.trimEnd())).toEqual([
      expect.stringMatching(
        /bad\.yaml:2:20: there is no skill summarise; did you mean "summarize"\?\n.*\n +\^{9}\n[\s\S]*bad\.yaml:3:32: it must be a record/,
      ),
      expect.stringMatching(
        /input of content-moderation: .*text.*\nthe input lacks text\nthe input of the run comes from --input JSON, --input @FILE or --set text=VALUE/,
      ),
      'tutti: there is no file examples/content-moderation.yml; did you mean examples/content-moderation.yaml?',
      expect.stringMatching(/--input hello is not JSON: a text is written as '"hello"', a file as @hello/),
      expect.stringMatching(/"__proto__" cannot be set/),
      expect.stringMatching(/--max-cost little is not an amount/),
      'tutti: --timeout soon is not a time, such as 30s, 2m or 1h30m',
      'tutti: there is no file none.mjs',
      expect.stringMatching(/there is no skill "write a poem"[\s\S]*\nNo module with skills was loaded: /),
    ]);
  });
});

describe('tutti run, in a terminal', () => {
  it.concurrent('draws the steps, then sums up and gives the output', options, async () => {
    const call = inTerminal(project, [
      ...['run', 'examples/support.toml', ...skills],
      ...['--set', 'text=The desk is damaged, and nobody answers. Please send a new desk.'],
    ]);
    expect(await call.code).toBe(0);
    const { text } = call;
    expect(text).toMatch(/✔ sentiment-analyzer +\d+\.\d s {2}\$0\.0/);
    expect(text).toMatch(/↷ hand-over-to-a-person +skipped/);
    expect(text).toMatch(/Step +Status +Duration +Cost +Provider/);
    expect(text).toMatch(/total +completed +\d+\.\d s +\$0\.0+\d+\n/);
    expect(text).toMatch(/\n\nPolish it: Draft a reply: .*desk/);
    expect(call.stdout).toContain('\u001b[32m✔');
  });

  it.concurrent('fits a narrow terminal, and leaves out colors', options, async () => {
    const args = [
      'run',
      'wait AND a task with a rather long name',
      '--skills',
      'slow.mjs',
      '--skills',
      'editor.mjs',
    ];
    project.put(
      'editor.mjs',
      `import { step } from 'tutti';
export const editor = step('editor', async function* (task, { signal }) {
  yield 'the first words of a text that is longer than the terminal is wide, and its end';
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
});
export const defaultSkill = 'editor';
`,
    );
    const call = inTerminal(project, args, { columns: 40, env: { NO_COLOR: '1' } });
    await call.wrote('and its end');
    await call.wrote('50 %');
    call.process.stdin?.write('\u0003');
    expect(await call.code).toBe(130);
    expect(call.text).toContain('● wait  ███░░░ 50 %  waiting');
    expect(call.text).toMatch(/\nStep +Status +Duration +Cost\n/);
    expect(call.text).toMatch(/\na-task-with\S*… {2}cancelled +\d+\.\d s +\$0\n/);
    expect(call.text).toContain('■ cancelled: interrupted');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: codes for colors begin with one
    expect(call.stdout).not.toMatch(/\u001b\[\d+m/);
    expect(
      Math.max(
        ...call.text
          .replaceAll('^C', '')
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(40);
  });

  it.concurrent('stops at once when it is interrupted again', options, async () => {
    const text = 'stubborn THEN wait';
    const call = inTerminal(project, ['run', text, '--skills', 'slow.mjs']);
    await call.wrote('waiting');
    call.process.stdin?.write('\u0003');
    await call.wrote('Ctrl-C again stops at once');
    // What comes at once is the same key press, passed on twice: so it is pressed until it is taken
    const pressing = setInterval(() => call.process.stdin?.write('\u0003'), 100);
    expect(await call.code).toBe(130);
    clearInterval(pressing);
    expect(call.text).not.toContain('cancelled: interrupted');
    // The cursor, which was hidden, is shown again
    expect(call.stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(call.stdout.lastIndexOf('\u001b[?25l'));
  });

  it.concurrent('tells everything in ASCII, in a small terminal that has no more', options, async () => {
    const args = ['run', 'flaky (retry up to 1 time) AND spend', '--skills', 'slow.mjs', '--verbose'];
    const call = inTerminal(project, args, { columns: 60, env: { TERM: 'linux' } });
    expect(await call.code).toBe(0);
    expect(call.text).toContain('\nflaky: not yet; tried again in 1000 ms\n');
    expect(call.text).toContain('\nflaky: a detail\n');
    expect(call.text).toContain('\nflaky gave "at last"\n');
    expect(call.text).toMatch(/\n\+ flaky {2}attempt 2 +1\.\d s\n/);
    expect(call.text).toMatch(/\nStep +Status +Duration +Cost +Provider\n-+\n/);
    expect(call.text).toMatch(/^[\n\x20-\x7e]*$/);
    expect(Math.max(...call.text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(60);
  });

  it.concurrent('says what was spent of how much, when it costs too much', options, async () => {
    const args = ['run', 'spend THEN spend', '--skills', 'slow.mjs', '--max-cost', '3'];
    const call = inTerminal(project, args);
    expect(await call.code).toBe(1);
    expect(call.text).toContain('$4.00 of a budget of $3.00 is spent\n');
    expect(call.text).toMatch(
      /\ntotal +failed +\d\.\d s +\$4\.00\n\n✖ BudgetExceededError: spent \$4 of a budget of \$3\n/,
    );
  });

  it.concurrent('gives only the output when it is to be quiet', options, async () => {
    const call = inTerminal(project, ['run', 'spend', '--skills', 'slow.mjs', '--quiet']);
    expect(await call.code).toBe(0);
    expect(call.text).toBe('spent\n');
  });
});

describe('tutti validate', () => {
  it.concurrent('says that examples are valid', options, async () => {
    const files = [
      'examples/content-moderation.yaml',
      'examples/document-processor.yaml',
      'examples/support.toml',
      'examples/letter.yaml',
    ];
    const call = inPipe(project, ['validate', ...files, '--text', 'summarize THEN log', ...skills]);
    expect(await call.code).toBe(0);
    expect(call.stdout).toBe(`${[...files, 'text'].map((name) => `${name}: valid\n`).join('')}`);
  });

  it.concurrent('says everything that is wrong, with its place, in words or as JSON', options, async () => {
    const file = project.put(
      'wrong.yaml',
      'steps:\n  - { id: a, uses: logg }\n  - { id: b, uses: log, input: { message: $.steps.c.output } }\n',
    );
    const words = inPipe(project, ['validate', file]);
    const lines = inPipe(project, ['validate', '--text', 'log THEN AND log', '--json']);
    expect([await words.code, await lines.code]).toEqual([2, 2]);
    expect(words.stderr).toContain('No module with skills was loaded: name one with --skills');
    expect(words.stdout).toMatch(
      /wrong\.yaml:2:20: there is no skill logg; did you mean "log"\?\n.*\n +\^{4}\n/,
    );
    const missing = inPipe(project, ['validate', 'none.yaml', 'examples/none.toml', file]);
    expect(await missing.code).toBe(2);
    expect(missing.stdout).toMatch(
      /^there is no file none\.yaml\nnone\.yaml: 1 problem\nthere is [\s\S]*\nwrong\.yaml: 2 problems\n$/,
    );
    expect(words.stdout).toMatch(/wrong\.yaml:3:\d+: .*\bc\b[\s\S]*wrong\.yaml: 2 problems\n$/);
    const [problem] = lines.stdout.split('\n').map((line) => line && JSON.parse(line));
    expect(problem).toMatchObject({ line: 1, column: expect.any(Number), message: expect.any(String) });
  });
});

describe('tutti graph', () => {
  it.concurrent('draws files and texts, without their skills', options, async () => {
    const file = 'examples/content-moderation.yaml';
    const [mermaid, dot, svg] = [
      inPipe(project, ['graph', file]),
      inPipe(project, ['graph', '--text', 'a AND b THEN IF_FAILURE say "c" ELSE d', '--format', 'dot']),
      inPipe(project, ['graph', file, '--format', 'svg']),
    ];
    expect(await Promise.all([mermaid.code, dot.code, svg.code])).toEqual([0, 0, 0]);
    expect(mermaid.stdout).toContain(
      'n4["respond<br>uses response-generator<br>if $.steps.moderate.output.approved == true"]',
    );
    expect(mermaid.stdout).toMatch(/n3 -\.->\|"if it fails"\| n5/);
    expect(dot.stdout).toContain('"task1" -> "task3" [label="  if it fails  ", style=dashed];');
    expect(svg.stdout).toMatch(/<svg [\s\S]*>respond<[\s\S]*<\/svg>/);
  });
});

describe('tutti skills', () => {
  it.concurrent('lists what modules of all shapes export, with schemas', options, async () => {
    const head = "import { step } from 'tutti';\nimport { z } from 'zod';\n";
    const files = [
      project.put('list.mjs', `${head}export default [step('in-list', () => 1)];`),
      project.put(
        'record.ts',
        `${head}enum Kind { A }\nexport default { a: step('in-record', (): Kind => Kind.A) };`,
      ),
      project.put(
        'named.ts',
        `${head}export const named = step({ id: 'named', input: z.object({ n: z.number() }), run: ({ n }) => n });`,
      ),
    ];
    const call = inPipe(project, ['skills', '--json', ...files.flatMap((file) => ['--skills', file])]);
    expect({ code: await call.code, stderr: call.stderr }).toEqual({ code: 0, stderr: '' });
    const listed = JSON.parse(call.stdout) as { name: string; input?: object }[];
    expect(listed.map(({ name }) => name).slice(0, 3)).toEqual(['in-list', 'in-record', 'named']);
    expect(listed[2]?.input).toMatchObject({ properties: { n: { type: 'number' } } });
    expect(listed.map(({ name }) => name)).toContain('http.request');
  });

  it.concurrent('says what a module is to export', options, async () => {
    const nothing = project.put('nothing.mjs', 'export const a = 1;');
    const call = inPipe(project, ['skills', '--skills', nothing]);
    expect(await call.code).toBe(2);
    expect(call.stderr).toBe(
      'tutti: nothing.mjs exports no skills: export steps, or a registry as the default\n',
    );
  });
});

describe('tutti schema', () => {
  it.concurrent('writes the JSON Schema of workflow files', options, async () => {
    const call = inPipe(project, ['schema']);
    expect(await call.code).toBe(0);
    expect(JSON.parse(call.stdout)).toEqual(JSON.parse(JSON.stringify(workflowJsonSchema())));
  });
});

describe('tutti --help', () => {
  it.concurrent('shows commands and examples, and the version', options, async () => {
    const [help, run, version] = [['--help'], ['run', '--help'], ['--version']].map((args) =>
      inPipe(project, args),
    );
    expect(await Promise.all([help?.code, run?.code, version?.code])).toEqual([0, 0, 0]);
    expect(help?.stdout).toMatch(
      /run \[options\] <workflow>[\s\S]*130 when a run was cancelled[\s\S]*tutti init/,
    );
    expect(run?.stdout).toMatch(/--max-cost <usd>[\s\S]*Examples:\n {2}tutti run workflow\.yaml/);
    const { version: own } = JSON.parse(
      readFileSync(join(project.folder, 'node_modules/tutti/package.json'), 'utf8'),
    );
    expect(version?.stdout).toBe(`${own}\n`);
  });

  it('starts in no more than two and a half times the time of Node itself', options, () => {
    const timeOf = (args: readonly string[]): number => {
      const startedAt = performance.now();
      execFileSync(process.execPath, args);
      return performance.now() - startedAt;
    };
    // In turns, so that what else the machine does slows both down
    const ratios = Array.from(
      { length: 15 },
      () => timeOf([project.command, '--help']) / timeOf(['-e', '0']),
    );
    expect(ratios.sort((a, b) => a - b)[7]).toBeLessThan(2.5);
  });

  it.concurrent('loads for its help only what reads command lines', options, async () => {
    const hooks = `import { writeSync } from 'node:fs';
export const load = (url, context, next) => { writeSync(2, url + '\\n'); return next(url, context); };`;
    const asUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(asUrl(hooks))});`;
    const call = inPipe(project, ['--help'], { env: { NODE_OPTIONS: `--import ${asUrl(register)}` } });
    expect(await call.code).toBe(0);
    const packages = new Set(call.stderr.match(/(?<=node_modules\/)(?!tutti\/)(?:@[^/]+\/)?[^/]+/g));
    expect(packages).toEqual(new Set(['commander']));
    const own = call.stderr.match(/(?<=tutti\/dist\/).*/g) ?? [];
    expect(own).toContain('src/cli/program.js');
    expect(own.filter((file) => !file.startsWith('src/cli/'))).toEqual(['src/core/errors.js']);
  });

  it.concurrent('refuses what it does not know', options, async () => {
    const call = inPipe(project, ['rum']);
    expect(await call.code).toBe(2);
    expect(call.stderr).toContain("unknown command 'rum'");
  });
});
