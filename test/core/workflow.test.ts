import { NEVER, of } from 'rxjs';
import {
  type Budget,
  BudgetExceededError,
  DefinitionError,
  InputValidationError,
  OutputValidationError,
  type RunEvent,
  run,
  type Step,
  type StepContext,
  step,
  type Workflow,
  workflow,
} from 'tutti';
import { named, parallel, recover, retry, sequence, timeout } from 'tutti/operators';
import { checkEvents, collectRun } from 'tutti/testing';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { z } from 'zod';
import { failureOf, listen, ofType, told } from './support.ts';

const double = step('double', (n: number) => 2 * n);
const text = step('text', (n: number) => `${n}`);

describe('workflow', () => {
  it('gives its run a name and a version', () => {
    const w = workflow({ name: 'w', version: '7' }, double);
    expect([w.id, w.version]).toEqual(['w', '7']);
    expect(listen(run(w, 1))[0]).toMatchObject({
      type: 'run.started',
      workflow: 'w',
      version: '7',
      step: 'w',
      path: '',
      input: 1,
    });
    expect(workflow({ name: 'w' }, double).version).toBe('1');
  });

  it('is the place of what it holds when it is run', () => {
    expect(told(listen(run(workflow({ name: 'w' }, double), 1)))).toBe('run> double> double| run|');
    expect(told(listen(run(workflow({ name: 'w' }, sequence(double, text)), 1)))).toBe(
      'run> double> double| text> text| run|',
    );
    expect(told(listen(run(workflow({ name: 'w' }, parallel({ double })), 1)))).toBe(
      'run> double> double| run|',
    );
  });

  it('is a step within another, which holds its own', () => {
    const inner = workflow({ name: 'inner' }, sequence(double, text));
    const events = listen(run(workflow({ name: 'outer' }, sequence(double, inner)), 1));
    expect(told(events)).toBe(
      'run> double> double| inner> inner/double> inner/double| inner/text> inner/text| inner| run|',
    );
    expect(checkEvents(events)).toEqual([]);
    expect(ofType(events, 'run.started')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ output: '4' });
  });

  it('of a workflow keeps its place', () => {
    const inner = workflow({ name: 'inner' }, double);
    expect(told(listen(run(workflow({ name: 'outer' }, inner), 1)))).toBe(
      'run> inner> inner/double> inner/double| inner| run|',
    );
  });

  it('takes policies as any step', () => {
    const failing = workflow(
      { name: 'w' },
      step('s', (_: number): number => {
        throw new Error('no');
      }),
    );
    const events = listen(
      run(
        failing.with(
          retry({ maxRetries: 1, delay: 0 }),
          recover(() => 0),
        ),
        1,
      ),
    );
    expect(checkEvents(events)).toEqual([]);
    expect(told(events)).toBe('run> w> w/s> w/s# w~ w> w/s> w/s# w< w| run|');
  });

  it('keeps its version under policies and adapters', () => {
    const w = workflow({ name: 'w', version: '7' }, double);
    const others = [
      w.with(retry()),
      w.map(String),
      w.using((n: number) => n),
      w.with(retry(), timeout('1s')),
    ];
    for (const other of others)
      expect(listen(run(other as Step<number, unknown>, 1))[0]).toMatchObject({
        workflow: 'w',
        version: '7',
      });
  });

  it('is what it was after using, map and with made others of it', () => {
    const w = workflow({ name: 'w' }, double);
    w.using((s: string) => s.length);
    w.map(String);
    w.with(retry());
    expect(told(listen(run(w, 1)))).toBe('run> double> double| run|');
  });

  it.each(['', 'a/b', 'a%', '#'])('refuses %j for a name', (name) => {
    expect(() => workflow({ name }, double)).toThrow(DefinitionError);
  });
});

describe('workflow, with schemas,', () => {
  const input = z.object({ n: z.number().default(3) });
  const ofRecord = double.using(({ n }: { n: number }) => n);

  it('checks its input at the edge, defaults filled in', () => {
    const w = workflow({ name: 'w', input }, ofRecord);
    const events = listen(run(w, {}));
    expect(events[0]).toMatchObject({ type: 'run.started', input: { n: 3 } });
    expect(events.at(-1)).toMatchObject({ output: 6 });
  });

  it('checks its output, which ends the run', async () => {
    const output = z.number().max(5);
    const w = workflow({ name: 'w', output }, double);
    expect(listen(run(w, 2)).at(-1)).toMatchObject({ output: 4 });
    const error = await failureOf(run(w, 3));
    expect(error).toBeInstanceOf(OutputValidationError);
    expect(error).toMatchObject({ stepId: 'w' });
    const made = workflow({ name: 'w', output: z.number().transform(String) }, double);
    expect(listen(run(made, 2)).at(-1)).toMatchObject({ output: '4' });
    const slow = workflow({ name: 'w', output: z.number().transform(async (n) => n + 1) }, double);
    expect(await collectRun(run(slow, 2))).toMatchObject({ output: 5 });
  });

  it('checks both within another, where a refusal is its failure', async () => {
    const w = workflow({ name: 'w', input, output: z.number().max(5) }, ofRecord);
    const loose = (value: unknown) => sequence(step('make', () => value) as Step<unknown, { n?: number }>, w);
    expect(listen(run(loose({}), 1)).at(-1)).toMatchObject({ type: 'run.failed' });
    expect(await failureOf(run(loose({}), 1))).toBeInstanceOf(OutputValidationError);
    expect(await failureOf(run(loose({ n: 'x' }), 1))).toBeInstanceOf(InputValidationError);
    expect(told(listen(run(loose({ n: 'x' }), 1)))).toBe('run> make> make| w> w# run#');
    expect(listen(run(loose({ n: 2 }), 1)).at(-1)).toMatchObject({ output: 4 });
  });
});

describe('workflow, with a budget,', () => {
  const budget: Budget = { usd: 1 };

  /** Spends amounts one after another. */
  const spending = (...amounts: readonly number[]) =>
    step('spend', (_: unknown, ctx: StepContext) => {
      for (const usd of amounts) ctx.cost({ usd });
      return 'done';
    });

  it('says so once when four fifths of it are spent', () => {
    const events = listen(run(workflow({ name: 'w', budget }, spending(0.5, 0.25, 0.125, 0.125)), 1));
    expect(told(events)).toBe('run> spend> spend$ spend$ spend$ run:budget-alert spend$ spend| run|');
    expect(ofType(events, 'budget.alert')).toMatchObject([
      { spentUsd: 0.875, limitUsd: 1, path: '', step: 'w', attempt: 1 },
    ]);
    expect(checkEvents(events)).toEqual([]);
  });

  it('says so at the fraction that it is told', () => {
    const w = workflow({ name: 'w', budget: { usd: 4, alertAt: 0.5 } }, spending(1, 1, 1, 1));
    expect(ofType(listen(run(w, 1)), 'budget.alert')).toMatchObject([{ spentUsd: 2, limitUsd: 4 }]);
  });

  it('fails as soon as more is spent', async () => {
    const after = vi.fn(() => 1);
    const w = workflow({ name: 'w', budget }, sequence(spending(0.5, 0.75), step('after', after)));
    const events = listen(run(w, 1));
    expect(told(events)).toBe('run> spend> spend$ spend$ run:budget-alert run:budget-exceeded spend! run#');
    expect(checkEvents(events)).toEqual([]);
    expect(ofType(events, 'budget.exceeded')).toMatchObject([{ spentUsd: 1.25, limitUsd: 1, path: '' }]);
    expect(events.at(-1)).toMatchObject({ costUsd: 1.25, error: { code: 'BUDGET_EXCEEDED' } });
    const error = await failureOf(run(w, 1));
    expect(error).toBeInstanceOf(BudgetExceededError);
    expect(error).toMatchObject({ spentUsd: 1.25, limitUsd: 1 });
    expect(after).not.toHaveBeenCalled();
  });

  it('may be spent to the last cent, whatever the cents add up to in binary', () => {
    const tenths = (count: number) => Array.from({ length: count }, () => 0.1);
    const w = (usd: number, count: number) =>
      workflow({ name: 'w', budget: { usd } }, spending(...tenths(count)));
    expect(listen(run(w(1, 10), 1)).at(-1)).toMatchObject({ type: 'run.completed' });
    expect(listen(run(w(0.3, 3), 1)).at(-1)).toMatchObject({ type: 'run.completed' });
    expect(listen(run(w(0.3, 4), 1)).at(-1)).toMatchObject({ type: 'run.failed' });
  });

  it('aborts what is under way, everywhere', () => {
    const signals: AbortSignal[] = [];
    const busy = step('busy', (_: unknown, ctx) => {
      signals.push(ctx.signal);
      return NEVER;
    });
    const events = listen(run(workflow({ name: 'w', budget }, parallel({ busy, spend: spending(2) })), 1));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(events.at(-1)).toMatchObject({ type: 'run.failed' });
    expect(checkEvents(events)).toEqual([]);
  });

  it('is not something that a step could recover from', () => {
    const safe = spending(2).with(
      retry({ on: () => true, delay: 0 }),
      recover(() => 'none'),
    );
    const events = listen(run(workflow({ name: 'w', budget }, safe), 1));
    expect(events.at(-1)).toMatchObject({ type: 'run.failed', costUsd: 2 });
  });

  it('counts what failed attempts and late bills cost', () => {
    const contexts: StepContext[] = [];
    const failing = step('s', (_: unknown, ctx): string => {
      contexts.push(ctx);
      ctx.cost({ usd: 0.4 });
      throw new Error('no');
    });
    const recovered = failing.with(
      retry({ maxRetries: 1, delay: 0 }),
      recover(() => ''),
    );
    const events = listen(
      run(
        workflow(
          { name: 'w', budget },
          sequence(
            recovered,
            step('wait', () => NEVER),
          ),
        ),
        1,
      ),
    );
    expect(ofType(events, 'budget.alert')).toMatchObject([{ spentUsd: 0.8 }]);
    contexts[0]?.cost({ usd: 0.4 });
    expect(told(events)).toMatch(/ s\$ run:budget-exceeded wait! run#$/);
    expect(checkEvents(events)).toEqual([]);
  });

  it('is each run’s own', () => {
    const w = workflow({ name: 'w', budget }, spending(0.9));
    expect([listen(run(w, 1)), listen(run(w, 1))].map((events) => events.at(-1)?.type)).toEqual([
      'run.completed',
      'run.completed',
    ]);
  });

  it('of nothing allows what costs nothing', () => {
    const w = (usd: number) => workflow({ name: 'w', budget: { usd: 0 } }, spending(usd));
    expect(listen(run(w(0), 1)).at(-1)).toMatchObject({ type: 'run.completed' });
    expect(listen(run(w(0.01), 1)).at(-1)).toMatchObject({ type: 'run.failed' });
  });

  it('keeps it under policies and adapters', () => {
    const w = workflow({ name: 'w', budget }, spending(2));
    const adapted = [
      w.with(retry()),
      w.with(timeout('1s')),
      w.map((output) => output),
      w.using((input: unknown) => input),
    ];
    expect(adapted.map((one) => listen(run(one, 1)).at(-1)?.type)).toEqual(adapted.map(() => 'run.failed'));
  });

  it('keeps it within another', async () => {
    const w = workflow({ name: 'w', budget }, spending(2));
    expect(await failureOf(run(named('outer', w), 1))).toBeInstanceOf(BudgetExceededError);
  });

  it.each<Budget>([
    { usd: -1 },
    { usd: Number.NaN },
    { usd: 1, alertAt: -0.1 },
    { usd: 1, alertAt: 1.1 },
    { usd: 1, alertAt: Number.NaN },
  ])('refuses %j', (wrong) => {
    expect(() => workflow({ name: 'w', budget: wrong }, double)).toThrow(DefinitionError);
  });
});

describe('workflow, for a compiler,', () => {
  const input = z.object({ n: z.number().default(3) });
  const output = z.number().transform(String);

  it('takes what its root takes, and gives what it gives', () => {
    const plain = workflow({ name: 'w' }, sequence(double, text));
    expectTypeOf(plain).toEqualTypeOf<Workflow<number, string>>();
    expectTypeOf(run(plain, 1)).toEqualTypeOf<ReturnType<typeof run<number, string, never>>>();
    // @ts-expect-error: a text is no number
    () => run(plain, 'x');
  });

  it('takes what its schemas take, and gives what they give', () => {
    const w = workflow(
      { name: 'w', input, output },
      double.using(({ n }: { n: number }) => n),
    );
    expectTypeOf(w).toEqualTypeOf<Workflow<{ n?: number | undefined }, string>>();
    expectTypeOf(w).toExtend<Step<{ n?: number }, string>>();
    expectTypeOf(w.version).toEqualTypeOf<string>();
  });

  it('refuses a root that does not fit', () => {
    // @ts-expect-error: the root takes a number
    () => workflow({ name: 'w', input }, double);
    // @ts-expect-error: the schema takes a number
    () => workflow({ name: 'w', output }, text);
    // @ts-expect-error: it is no step
    () => workflow({ name: 'w' }, of);
    // @ts-expect-error: it has no name
    () => workflow({}, double);
    expectTypeOf<RunEvent<string>>().not.toEqualTypeOf<RunEvent<number>>();
  });
});
