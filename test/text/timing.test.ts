import { HttpStatusError, run, StepTimeoutError, step } from 'tutti';
import { type FakeStep, fakeStep, marbles } from 'tutti/testing';
import { type CompileOptions, compile, skillTable, type TaskInput } from 'tutti/text';
import { describe, expect, it } from 'vitest';
import { abortAfter } from '../operators/abort-after.ts';
import { record } from '../operators/record.ts';

type M = Parameters<Parameters<typeof marbles>[0]>[0];

/** A skill for all tasks, which plays a diagram by the task's text. */
function player(
  m: M,
  diagrams: Readonly<Record<string, string | readonly string[]>>,
): FakeStep<TaskInput, string> {
  const times = new Map<string, number>();
  const diagram = ({ task }: TaskInput): string => {
    const time = times.get(task) ?? 0;
    times.set(task, time + 1);
    const script = diagrams[task] ?? '(o|)';
    return typeof script === 'string' ? script : (script[time] ?? script.at(-1) ?? '(o|)');
  };
  return fakeStep(m, 'player', diagram, { error: new HttpStatusError(503) });
}

function texts(
  m: M,
  text: string,
  diagrams: Parameters<typeof player>[1],
  options: Partial<CompileOptions> = {},
) {
  const skill = player(m, diagrams);
  return { skill, workflow: compile(text, { resolver: skillTable({ defaultSkill: skill }), ...options }) };
}

describe('in time, a text', () => {
  it(
    'runs tasks side by side, and phases one after another',
    marbles((m) => {
      const { workflow } = texts(m, 'a AND b THEN c', { a: '--(o|)', b: '-----(o|)', c: '-(o|)' });
      m.expectRun(run(workflow, 1)).toBe(
        '(run> parallel/a> parallel/b>) 2ms (parallel/a. parallel/a|) 3ms (parallel/b. parallel/b| parallel~2/c>) 1ms (parallel~2/c. parallel~2/c| run|)',
      );
    }),
  );

  it(
    'waits for all tasks of a phase, whether one fails or not',
    marbles((m) => {
      const { workflow } = texts(m, 'a AND b THEN c', { a: '--#', b: '-----(o|)' });
      m.expectRun(run(workflow, 1)).toBe(
        '(run> parallel/a> parallel/b>) 2ms parallel/a# 3ms (parallel/b. parallel/b| run#)',
      );
    }),
  );

  it(
    'cancels the tasks beside one that fails when it is to fail fast and no condition asks',
    marbles((m) => {
      const defaults = { failFast: true };
      const one = texts(m, 'a AND b THEN c', { a: '--#', b: '-----(o|)' }, { defaults });
      m.expectRun(run(one.workflow, 1)).toBe(
        '(run> parallel/a> parallel/b>) 2ms (parallel/a# parallel/b! run#)',
      );
      const two = texts(m, 'a AND b THEN c IF_FAILURE', { a: '--#', b: '-----(o|)' }, { defaults });
      m.expectRun(run(two.workflow, 1)).toBe(
        '(run> parallel/a> parallel/b>) 2ms parallel/a# 3ms (parallel/b. parallel/b| parallel~2/c/c>  parallel~2/c/c. parallel~2/c/c| run|)',
      );
      const three = texts(m, 'a AND b THEN c', {}, { defaults });
      m.expectRun(run(three.workflow, 1)).toBe(
        '(run> parallel/a> parallel/b> parallel/a. parallel/a| parallel/b. parallel/b| parallel~2/c> parallel~2/c. parallel~2/c| run|)',
      );
    }),
  );

  it(
    'tries a task again as often as it says, after growing delays',
    marbles((m) => {
      const { workflow, skill } = texts(m, 'a (retry up to 2 times on failure) THEN b', {
        a: ['-#', '-#', '-(o|)'],
      });
      m.expectRun(run(workflow, 1)).toBe(
        '(run> parallel/a>) 1ms parallel/a~ 1s parallel/a> 1ms parallel/a~ 2s parallel/a> 1ms (parallel/a. parallel/a| parallel~2/b> parallel~2/b. parallel~2/b| run|)',
      );
      m.flush();
      expect(skill.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 1]);
    }),
  );

  it(
    'fails when the retries are used up',
    marbles((m) => {
      const defaults = { retry: { delay: 0 } };
      const { workflow } = texts(m, 'a (retry up to 1 time)', { a: '-#' }, { defaults });
      m.expectRun(run(workflow, 1)).toBe(
        '(run> parallel/a>) 1ms (parallel/a~ parallel/a>) 1ms (parallel/a# run#)',
      );
    }),
  );

  it(
    'tries tasks again by default where that is asked for, but not those that say never',
    marbles((m) => {
      const defaults = { retry: { delay: 5, maxRetries: 1 } };
      const { workflow, skill } = texts(
        m,
        'a AND b (retry up to 0 times)',
        { a: '-#', b: '-#' },
        { defaults },
      );
      m.expectRun(run(workflow, 1)).toBe(
        '(run> parallel/a> parallel/b>) 1ms (parallel/a~ parallel/b#) 5ms parallel/a> 1ms (parallel/a# run#)',
      );
      m.flush();
      expect(skill.calls).toHaveLength(3);
    }),
  );

  it(
    'times each attempt',
    marbles((m) => {
      const defaults = { timeout: 3, retry: { delay: 0 } };
      const { workflow } = texts(
        m,
        'a (retry up to 1 time) THEN IF_FAILURE b',
        { a: '-----(o|)', b: '(o|)' },
        { defaults },
      );
      m.expectRun(run(workflow, 1)).toBe(
        '(run> parallel/a>) 3ms (parallel/a~ parallel/a>) 3ms (parallel/a# parallel~2/b/b> parallel~2/b/b. parallel~2/b/b| run|)',
      );
      const alone = record(run(texts(m, 'a', { a: '-----(o|)' }, { defaults: { timeout: 3 } }).workflow, 1));
      m.flush();
      expect(alone.error).toEqual(new StepTimeoutError('a', 3));
    }),
  );

  it(
    'runs no more tasks at once than it may',
    marbles((m) => {
      const { workflow } = texts(
        m,
        'a AND b AND c',
        { a: '--(o|)', b: '-(o|)', c: '-(o|)' },
        { defaults: { concurrency: 2 } },
      );
      m.expectRun(run(workflow, 1)).toBe(
        '(run> parallel/a> parallel/b>) 1ms (parallel/b. parallel/b| parallel/c>) 1ms (parallel/a. parallel/a| parallel/c. parallel/c| run|)',
      );
    }),
  );

  it(
    'does the failed tasks of a group again, side by side',
    marbles((m) => {
      const text = 'a AND b AND c AND IF_ANY_FAILED retry failed ones THEN d';
      const { workflow } = texts(m, text, { a: ['-#', '--(o|)'], b: '--(o|)', c: ['---#', '-#'] });
      m.expectRun(run(workflow, 1)).toBe(
        '(run> parallel/a> parallel/b> parallel/c>) 1ms parallel/a# 1ms (parallel/b. parallel/b|) 1ms (parallel/c# parallel~2/a/a> parallel~2/c/c>) 1ms parallel~2/c/c# 1ms (parallel~2/a/a. parallel~2/a/a| parallel~3/d> parallel~3/d. parallel~3/d| run|)',
      );
    }),
  );

  it(
    'does failed tasks again as often as it says',
    marbles((m) => {
      const text = 'a AND b AND IF_ANY_FAILED retry failed ones (retry up to 1 time)';
      const { workflow } = texts(
        m,
        text,
        { a: ['-#', '-#', '-(o|)'] },
        { defaults: { retry: { delay: 0, maxRetries: 0 } } },
      );
      m.expectRun(run(workflow, 1)).toBe(
        '(run> parallel/a> parallel/b> parallel/b. parallel/b|) 1ms (parallel/a# parallel~2/a/a>) 1ms (parallel~2/a/a~ parallel~2/a/a>) 1ms (parallel~2/a/a. parallel~2/a/a| run|)',
      );
    }),
  );

  it(
    'says of a task whose condition does not hold that it is skipped',
    marbles((m) => {
      const { workflow } = texts(m, 'a THEN IF_FAILURE b AND c THEN d', { a: '-(o|)' });
      m.expectRun(run(workflow, 1)).toBe(
        '(run> parallel/a>) 1ms (parallel/a. parallel/a| parallel~2/b/b- parallel~2/c/c- parallel~3/d> parallel~3/d. parallel~3/d| run|)',
      );
    }),
  );

  it(
    'ends at once when it is cancelled, and begins nothing more',
    marbles((m) => {
      const { workflow, skill } = texts(m, 'a AND b THEN IF_FAILURE c THEN d', {
        a: '-----(o|)',
        b: '------(o|)',
      });
      m.expectRun(run(workflow, 1, { signal: abortAfter(3) })).toBe(
        '(run> parallel/a> parallel/b>) 3ms (parallel/a! parallel/b! run!)',
      );
      m.flush();
      expect(skill.calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
    }),
  );

  it(
    'ends at once when it is unsubscribed',
    marbles((m) => {
      const { workflow, skill } = texts(m, 'a THEN b', { a: '-----(o|)' });
      m.expect(run(workflow, 1), '--!').toBeObservable('(se)', {
        s: expect.objectContaining({ type: 'run.started' }) as never,
        e: expect.objectContaining({ type: 'step.started' }) as never,
      });
      m.flush();
      expect(skill.calls).toMatchObject([{ outcome: 'cancelled', endedAt: 2 }]);
    }),
  );
});

describe('the budget of a text', () => {
  it('ends the run when it is passed, whatever conditions there are', () => {
    const dear = step('dear', ({ task }: TaskInput, { cost }) => {
      cost({ usd: 0.6 });
      return task;
    });
    const resolver = skillTable({ defaultSkill: dear });
    const workflow = compile('a THEN b THEN IF_FAILURE c', { resolver, budget: { usd: 1, alertAt: 0.5 } });
    const done = record(run(workflow, 1));
    expect(done.end).toMatchObject({ type: 'run.failed', error: { code: 'BUDGET_EXCEEDED' }, costUsd: 1.2 });
    expect(done.all('budget.alert')).toHaveLength(1);
    expect(done.started).toEqual(['/parallel/a', '/parallel~2/b']);
  });
});
