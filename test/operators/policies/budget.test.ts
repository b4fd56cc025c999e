import { NEVER } from 'rxjs';
import { BudgetExceededError, run, type Step, step, workflow } from 'tutti';
import {
  type BudgetOptions,
  budget,
  fallback,
  hedge,
  mapEach,
  named,
  parallel,
  race,
  recover,
  retry,
  sequence,
  timeout,
} from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

/** A step that spends so much at once, and gives it. */
const spend = step('spend', (usd: number, { cost }) => {
  cost({ usd });
  return usd;
});

const each = (...amounts: readonly number[]) => sequence(...amounts.map((usd) => spend.using(() => usd)));

/** A step that spends `usd` and then never ends. */
const spendAndStay = (usd: number) =>
  step('stay', (_: unknown, { cost }) => {
    cost({ usd });
    return NEVER;
  });

describe('budget', () => {
  it(
    'lets through what costs no more than it',
    marbles(() => {
      const done = record(run(named('n', each(0.5, 0.3, 0.2)).with(budget({ usd: 1, alertAt: 1 })), 0));
      expect(done.output).toBe(0.2);
      expect(done.end.costUsd).toBe(1);
      expect(done.all('budget.exceeded')).toEqual([]);
    }),
  );

  it(
    'tells once when the limit comes near, at 0.8 of it by default',
    marbles(() => {
      const done = record(run(named('n', each(0.5, 0.25, 0.125, 0.125)).with(budget({ usd: 1 })), 0));
      expect(done.all('budget.alert')).toMatchObject([
        { path: '/n', step: 'n', attempt: 1, spentUsd: 0.875, limitUsd: 1 },
      ]);
      const half = record(run(named('n', each(1, 1, 1, 1)).with(budget({ usd: 4, alertAt: 0.5 })), 0));
      expect(half.all('budget.alert')).toMatchObject([{ spentUsd: 2, limitUsd: 4 }]);
    }),
  );

  it(
    'stops everything inside at once when a cost passes it, with its error for a reason',
    marbles((m) => {
      let reason: unknown;
      const busy = step('busy', (_: unknown, { signal }) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
        });
        return NEVER;
      });
      const dear = step('dear', (_: unknown, { cost }) => {
        m.cold('---a').subscribe(() => cost({ usd: 2 }));
        return NEVER;
      });
      const other = fakeStep(m, 'other', '-----(a|)');
      const group = named('n', parallel({ busy, dear })).with(budget({ usd: 1 }));
      const done = record(run(parallel({ group, other }, { failure: 'settle' }), 0));
      m.flush();
      expect(done.events).toBeTimeline(
        `(run> group> group/busy> group/dear> other>)
         3ms (group/dear$ group:budget-alert group:budget-exceeded group/busy! group/dear! group#)
         2ms (other. other| run|)`,
      );
      expect(done.all('budget.exceeded')).toMatchObject([{ spentUsd: 2, limitUsd: 1 }]);
      expect(reason).toBeInstanceOf(BudgetExceededError);
      expect(reason).toMatchObject({ code: 'BUDGET_EXCEEDED', spentUsd: 2, limitUsd: 1 });
      expect(done.all('step.cancelled')[0]).toMatchObject({ reason: 'spent $2 of a budget of $1' });
    }),
  );

  it(
    'holds for one step, a group or a workflow',
    marbles(() => {
      const limited = budget({ usd: 1 });
      const all = [
        spend.with(limited),
        named('n', spend).with(limited),
        workflow({ name: 'w' }, spend).with(limited),
      ];
      for (const one of all) {
        expect(record(run(one, 2)).error).toBeInstanceOf(BudgetExceededError);
        expect(record(run(one, 1)).output).toBe(1);
      }
    }),
  );

  it(
    'counts in each of several around each other, and stops the innermost that is passed',
    marbles(() => {
      const inner = named('inner', each(0.4, 0.4)).with(budget({ usd: 0.5 }));
      const safe = inner.with(recover(() => 0));
      const outer = named('outer', sequence(safe, safe, safe)).with(budget({ usd: 2 }));
      const done = record(run(outer, 0));
      expect(done.all('budget.exceeded').map(({ path, spentUsd }) => [path, spentUsd])).toEqual([
        ['/outer/inner', 0.8],
        ['/outer/inner~2', 0.8],
        ['/outer/inner~3', 0.8],
        ['/outer', expect.closeTo(2.4)],
      ]);
      expect(done.all('budget.alert').map(({ path }) => path)).toEqual([
        '/outer/inner',
        '/outer/inner~2',
        '/outer',
        '/outer/inner~3',
      ]);
      expect(done.error).toMatchObject({ limitUsd: 2 });
    }),
  );

  it(
    'holds beside the budget of the workflow',
    marbles(() => {
      const w = workflow({ name: 'w', budget: { usd: 1 } }, spend.with(budget({ usd: 5 })));
      const done = record(run(w, 2));
      expect(done.error).toMatchObject({ limitUsd: 1 });
      expect(done.all('budget.exceeded')).toMatchObject([{ path: '' }]);
    }),
  );

  it(
    'counts failed attempts, fallbacks, hedges and cancelled branches',
    marbles((m) => {
      const failing = step('failing', (_: number, { cost }): number => {
        cost({ usd: 1 });
        throw new RangeError('broken');
      });
      const stay = spendAndStay(1);
      const spending: Record<string, Step<number, unknown>> = {
        attempts: failing.with(retry({ delay: 1, maxRetries: 3 })),
        fallbacks: failing.with(fallback(failing, failing, failing)),
        hedges: stay.with(hedge({ after: 1, max: 4 })),
        branches: sequence(
          ...[0, 1, 2, 3].map(() => race([stay, fakeStep(m, 'quick', '-(a|)')]).with(timeout(9))),
        ),
      };
      for (const [name, group] of Object.entries(spending)) {
        const done = record(run(named(name, group).with(budget({ usd: 2.5 })), 0));
        m.flush();
        expect(done.error).toMatchObject({ name: 'BudgetExceededError', spentUsd: 3 });
        expect(done.all('step.cost')).toHaveLength(3);
        expect(done.all('budget.alert')).toHaveLength(1);
      }
    }),
  );

  it(
    'tells of a late cost while a step waits for its next attempt, and stops it then',
    marbles((m) => {
      const late = step('late', (_: number, { cost, attempt }) => {
        m.cold('-a').subscribe(() => cost({ usd: 1 }));
        if (attempt < 3) throw new RangeError('broken');
      });
      const done = record(run(late.with(retry({ delay: 3, factor: 1 }), budget({ usd: 1.2 })), 0));
      m.flush();
      expect(done.events).toBeTimeline(
        `(run> late> late~) 1ms (late$ late:budget-alert) 2ms (late> late~)
         1ms (late$ late:budget-exceeded late> late# run#)`,
      );
    }),
  );

  it(
    'gives each attempt as much, inside a retry; and one sum to all, around it',
    marbles((m) => {
      const flaky = step('flaky', (_: number, { cost, attempt }) => {
        cost({ usd: 1 });
        if (attempt < 4) throw new RangeError('broken');
        return 'done';
      });
      const again = retry({ delay: 1 });
      const inside = record(run(flaky.with(budget({ usd: 1 }), again), 0));
      const around = record(run(flaky.with(again, budget({ usd: 3 })), 0));
      m.flush();
      expect(inside.output).toBe('done');
      expect(inside.end.costUsd).toBe(4);
      expect(around.error).toMatchObject({ spentUsd: 4, limitUsd: 3 });
    }),
  );

  it(
    'is not tried again when it is passed, even by a cost that is told as it ends',
    marbles((m) => {
      const done = record(run(spendAndStay(2).with(budget({ usd: 1 }), retry()), 0));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> stay> stay$ stay:budget-alert stay:budget-exceeded stay# run#)',
      );
    }),
  );

  it(
    'ends with the step when it is unsubscribed, and when it is cancelled',
    marbles((m) => {
      const limited = spendAndStay(1).with(budget({ usd: 2 }));
      m.expectRun(run(limited, 0), '^--!').toBe('(run> stay> stay$)');
      m.expectRun(run(limited, 0, { signal: abortAfter(2) })).toBe('(run> stay> stay$) 2ms (stay! run!)');
    }),
  );

  it(
    'lets fallbacks of one name on both sides of it have places of their own',
    marbles(() => {
      const failing = step('failing', (_: number): number => {
        throw new RangeError('broken');
      });
      const done = record(run(failing.with(fallback(failing), budget({ usd: 1 }), fallback(failing)), 0));
      expect(done.started).toEqual([
        '/failing',
        '/failing/!fallback:failing',
        '/failing/!fallback:failing~2',
      ]);
    }),
  );

  it.each<BudgetOptions>([
    {},
    { alertAt: 0.5 },
    { usd: -1 },
    { usd: Number.NaN },
    { usd: 1, alertAt: 1.5 },
    { estimateUsd: -1 },
    { estimateUsd: Number.NaN },
  ])('refuses %o', (options) => {
    expect(() => budget(options)).toThrow(
      expect.objectContaining({ name: 'DefinitionError', message: expect.stringMatching(/^budget: /) }),
    );
  });

  it('keeps the type of the step, and types the estimate by its input', () => {
    const length = step('length', async function* (text: string) {
      yield text;
      return text.length;
    });
    expectTypeOf(length.with(budget({ usd: 1 }))).toEqualTypeOf<Step<string, number, string>>();
    const estimateUsd = (text: string) => text.length;
    expectTypeOf(length.with(budget({ estimateUsd }))).toEqualTypeOf<Step<string, number, string>>();
    // @ts-expect-error: the step takes no text
    () => spend.with(budget({ estimateUsd }));
  });
});

describe('budget, with an estimate,', () => {
  const estimated = (id: string, estimateUsd: number, usd = estimateUsd) =>
    step(id, (_: unknown, { cost }) => {
      cost({ usd });
      return id;
    }).with(budget({ estimateUsd }));

  it(
    'does not begin a step for which less is left, in any budget around',
    marbles(() => {
      let called = false;
      const dear = step('dear', () => {
        called = true;
      }).with(budget({ estimateUsd: 0.5 }));
      const w = workflow({ name: 'w', budget: { usd: 1 } }, sequence(estimated('a', 0.6), dear));
      const done = record(run(w, 0));
      expect(done.started).toEqual(['/a', '/dear']);
      expect(done.all('step.failed')).toMatchObject([{ path: '/dear' }]);
      expect(done.all('budget.exceeded')).toEqual([]);
      expect(done.error).toBeInstanceOf(BudgetExceededError);
      expect(done.error).toMatchObject({
        spentUsd: 0.6,
        limitUsd: 1,
        estimateUsd: 0.5,
        message: '$0.5 more would pass a budget of $1, of which $0.6 is spent or set aside',
      });
      expect(called).toBe(false);
    }),
  );

  it(
    'begins one that just fits',
    marbles(() => {
      const tenths = sequence(...Array.from({ length: 10 }, (_, i) => estimated(`s${i}`, 0.1)));
      expect(record(run(named('n', tenths).with(budget({ usd: 1 })), 0)).output).toBe('s9');
    }),
  );

  it(
    'is checked against its own limit too',
    marbles(() => {
      const done = record(run(spend.with(budget({ usd: 1, estimateUsd: 2 })), 1));
      expect(done.error).toMatchObject({ spentUsd: 0, limitUsd: 1, estimateUsd: 2 });
    }),
  );

  it(
    'may follow from the input',
    marbles(() => {
      const perLetter = step('letters', (text: string) => text.length).with(
        budget({ usd: 1, estimateUsd: (text: string) => text.length / 10 }),
      );
      expect(record(run(perLetter, 'ten letter')).output).toBe(10);
      expect(record(run(perLetter, 'more than ten')).error).toMatchObject({ estimateUsd: 1.3 });
      const wrong = spend.with(budget({ estimateUsd: () => Number.NaN }));
      expect(record(run(wrong, 1)).error).toMatchObject({ code: 'DEFINITION' });
    }),
  );

  it(
    'is set aside while the step runs, so that others beside it do not count on the same money',
    marbles((m) => {
      const slow = (id: string) => fakeStep(m, id, '---(a|)').with(budget({ estimateUsd: 0.6 }));
      const both = parallel({ a: slow('a'), b: slow('b') }, { failure: 'settle' });
      const done = record(run(named('n', sequence(both, slow('c'))).with(budget({ usd: 1 })), 0));
      m.flush();
      expect(done.events).toBeTimeline(
        `(run> n> n/parallel/a> n/parallel/b> n/parallel/b#) 3ms (n/parallel/a. n/parallel/a| n/c>)
         3ms (n/c. n/c| n| run|)`,
      );
    }),
  );

  it(
    'is given back as it is spent, and what is left of it when the step has ended',
    marbles(() => {
      const cheap = estimated('cheap', 0.9, 0.1);
      const done = record(
        run(named('n', sequence(cheap, cheap, estimated('rest', 0.8))).with(budget({ usd: 1 })), 0),
      );
      expect(done.output).toBe('rest');
      const dear = named('n', sequence(cheap, cheap, estimated('rest', 0.9))).with(budget({ usd: 1 }));
      expect(record(run(dear, 0)).error).toMatchObject({
        estimateUsd: 0.9,
        message: '$0.9 more would pass a budget of $1, of which $0.2 is spent or set aside',
      });
    }),
  );

  it(
    'is given back when the step is cancelled',
    marbles(() => {
      const stay = step('stay', () => NEVER).with(budget({ estimateUsd: 1 }));
      const raced = race([stay, step('quick', (n: number) => n)]);
      const group = named('n', sequence(raced, estimated('rest', 1))).with(budget({ usd: 1 }));
      expect(record(run(group, 0)).output).toBe('rest');
    }),
  );

  it(
    'of a group is enough for the estimates inside it',
    marbles(() => {
      const items = mapEach(estimated('item', 0.2), { concurrency: 3 });
      const group = items.with(budget({ estimateUsd: 0.6 }));
      const around = (usd: number) => run(named('n', group).with(budget({ usd })), [1, 2, 3]);
      expect(record(around(0.6)).output).toEqual(['item', 'item', 'item']);
      expect(record(around(0.59)).error).toMatchObject({ estimateUsd: 0.6 });
    }),
  );

  it(
    'gives way to a cheaper step',
    marbles(() => {
      const cheap = step('cheap', () => 'cheap');
      const either = estimated('dear', 0.7).with(fallback(cheap));
      const done = record(run(named('n', parallel([either, either])).with(budget({ usd: 1 })), 0));
      expect(done.output).toEqual(['dear', 'cheap']);
      expect(done.all('step.completed').map(({ path, source }) => [path, source])).toEqual([
        ['/n/0', 'live'],
        ['/n/1/!fallback:cheap', 'live'],
        ['/n/1', 'fallback'],
        ['/n', 'live'],
      ]);
    }),
  );

  it(
    'that is refused is not tried again',
    marbles(() => {
      const done = record(run(estimated('dear', 2).with(retry({ delay: 0 }), budget({ usd: 1 })), 0));
      expect(done.all('step.started')).toHaveLength(1);
    }),
  );
});
