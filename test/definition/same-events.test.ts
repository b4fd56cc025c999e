import { type RunEvent, run, type Step, step, workflow } from 'tutti';
import { loadWorkflow, SkillRegistry, taskResolver } from 'tutti/definition';
import { fallback, graph, graphOf, renamed, retry } from 'tutti/operators';
import { compile, type TaskInput } from 'tutti/text';
import { describe, expect, it } from 'vitest';
import { record } from '../operators/record.ts';

/** What happens, without the run's own id and times. */
function happened(events: readonly RunEvent[], without: readonly string[] = []): object[] {
  const hidden = new Set(['runId', 'at', 'durationMs', ...without]);
  return events.map((event) =>
    Object.fromEntries(Object.entries(event).filter(([name]) => !hidden.has(name))),
  );
}

const eventsOf = (root: Step<unknown, unknown>, input: unknown) => record(run(root, input)).events;

describe('the same workflow as code, as a file and as text', () => {
  const flaky = step('flaky', (given: unknown, { attempt }) => {
    if (attempt === 1) throw new RangeError('once');
    return given;
  });
  const broken = step('broken', () => {
    throw new RangeError('always');
  });
  const size = step('size', ({ text }: { text: string }) => text.length);
  const registry = new SkillRegistry().register(flaky).register(broken).register(size);

  it('has the same events as code and as a file, of all formats', () => {
    const steps = [
      { id: 'first', uses: 'flaky', input: { text: '$.input.text' }, retry: { maxRetries: 1, delay: '0ms' } },
      {
        id: 'second',
        uses: 'broken',
        fallback: { uses: 'size' },
        input: { text: '$.steps.first.output.text' },
      },
      { id: 'third', uses: 'size', condition: '$.steps.second.output > 5', input: { text: '' } },
    ];
    const code = workflow(
      { name: 'same' },
      graph<{ text: string }>()
        .node('first', renamed('first', flaky).with(retry({ maxRetries: 1, delay: 0 })), {
          input: ({ input }) => ({ text: input.text }),
        })
        .node('second', renamed('second', broken).with(fallback(size)), {
          after: ['first'],
          input: ({ first }) => ({ text: (first as { text: string }).text }),
        })
        .node('third', renamed('third', size), {
          after: ['second'],
          when: ({ second }) => Number(second) > 5,
          input: () => ({ text: '' }),
        }),
    );
    const toml = `name = "same"\n${steps
      .map(({ retry: _, fallback: __, input, ...rest }) =>
        [
          '[[steps]]',
          ...Object.entries({ ...rest, 'input.text': input.text }).map(([k, v]) => `${k} = "${v}"`),
        ].join('\n'),
      )
      .join('\n')}`
      .replace('uses = "flaky"', 'uses = "flaky"\nretry = { max_retries = 1, initial_delay = 0 }')
      .replace('uses = "broken"', 'uses = "broken"\nfallback = "size"');
    const files = [JSON.stringify({ name: 'same', steps }), toml];
    const expected = happened(eventsOf(code as Step<unknown, unknown>, { text: 'abc' }));
    expect(expected.map((event) => Reflect.get(event, 'type'))).toContain('step.fallback');
    for (const file of files) {
      const { workflow: loaded } = loadWorkflow(file, { registry });
      expect(happened(eventsOf(loaded, { text: 'abc' }))).toEqual(expected);
    }
  });

  it('has the same events as a flow in a file and as text', () => {
    const does = (id: string) => step(id, ({ prompt }: TaskInput) => `${id}: ${prompt}`);
    const tasks = new SkillRegistry().register(does('a')).register(does('b')).register(does('c'));
    const text = 'a AND b THEN c';
    const direct = compile(text, {
      resolver: taskResolver(tasks),
      name: 'same',
    });
    const { workflow: loaded } = loadWorkflow(`name: same\nflow: ${text}`, { registry: tasks });
    expect(happened(eventsOf(loaded, 'x'))).toEqual(happened(eventsOf(direct, 'x')));
  });

  it('has events of the same types and steps, in the same order, as code, file and text', () => {
    const does = (id: string) => step(id, () => id);
    const [a, b, c] = [does('a'), does('b'), does('c')];
    const tasks = new SkillRegistry().register(a).register(b).register(c);
    const code = workflow(
      { name: 'same' },
      graphOf({ a: { step: a }, b: { step: b }, c: { step: c, after: ['a', 'b'] } }),
    );
    const file = loadWorkflow(
      'name: same\nsteps: [{ id: a, uses: a }, { id: b, uses: b }, { id: c, uses: c, dependsOn: [a, b] }]',
      { registry: tasks },
    ).workflow;
    const text = loadWorkflow('name: same\nflow: a AND b THEN c', { registry: tasks }).workflow;
    // A text hands on prompts where a file hands on records, and its paths tell of its phases.
    const [first, second, third] = [code, file, text].map((one) =>
      happened(eventsOf(one, 'x'), ['path', 'input']),
    );
    expect(second).toEqual(first);
    expect(third).toEqual(first);
  });
});
