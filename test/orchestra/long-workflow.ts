import { type AnyStep, step, workflow } from 'tutti';
import {
  assign,
  branch,
  compensate,
  fallback,
  fold,
  graph,
  loop,
  mapEach,
  mapReduce,
  named,
  parallel,
  race,
  recover,
  retry,
  sequence,
  sleep,
  timeout,
  transform,
} from 'tutti/operators';

/** What bodies tell of themselves: a body's path and attempt, as it starts. */
export type Ledger = (path: string, attempt: number) => void;

/** Some microtasks, as a call takes. */
async function rest(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await null;
}

/** A workflow of every kind of structure and policy, whose bodies tell a ledger when they start. */
export function longWorkflow(ledger: Ledger): AnyStep {
  const work = <I, O>(id: string, f: (input: I) => O, turns = 3) =>
    step(id, async (input: I, ctx): Promise<O> => {
      ledger(ctx.path, ctx.attempt);
      await rest(turns);
      ctx.cost({ usd: 0.01 });
      return f(input);
    });
  const quick = <I, O>(id: string, f: (input: I) => O) =>
    step(id, (input: I, ctx): O => {
      ledger(ctx.path, ctx.attempt);
      return f(input);
    });
  const flaky = <I, O>(id: string, times: number, f: (input: I) => O) =>
    step(id, async (input: I, ctx): Promise<O> => {
      ledger(ctx.path, ctx.attempt);
      await rest(2);
      if (ctx.attempt <= times) throw new RangeError(`${id} fails`);
      return f(input);
    });
  const sub = workflow(
    { name: 'sub', version: '1' },
    sequence(
      work('s1', (n: number) => n + 1),
      quick('s2', (n: number) => n * 2),
    ),
  );
  const undo = step('undo', (_: unknown, ctx) => ledger(ctx.path, ctx.attempt));
  return workflow(
    { name: 'long', version: '1', budget: { usd: 100 } },
    sequence(
      quick('first', (n: number) => n + 1),
      work('second', (n: number) => n * 3),
      flaky('flaky', 2, (n: number) => n + 5).with(retry({ delay: 10 })),
      parallel({
        left: sequence(
          work('l1', (n: number) => n + 1, 1),
          sleep(20),
          work('l2', (n: number) => n + 2, 5),
        ),
        right: work('r', (n: number) => n * 2, 7).with(timeout('1m')),
        quick: quick('q', (n: number) => n - 1),
      }),
      transform((all: { left: number; right: number; quick: number }) => all.left + all.right + all.quick),
      mapEach(
        work('each', (n: number) => n * n, 2),
        { over: (n: number) => [n, n + 1, n + 2, n + 3], concurrency: 2 },
      ),
      mapReduce<number, number, number>(
        quick('inc', (n: number) => n + 1),
        fold(
          (sum: number, n: number) => sum + n,
          () => 0,
          'completion',
        ),
      ),
      loop(
        work('halve', (n: number) => Math.floor(n / 2)),
        { until: (n) => n < 50, max: 20 },
      ),
      race([work('slow', (n: number) => n + 1000, 40), work('fast', (n: number) => n + 1, 2)]),
      branch(
        (n: number) => n > 10,
        sub,
        quick('other', (n: number) => n),
      ),
      step('broken', (_: number): number => {
        throw new RangeError('always');
      }).with(fallback(work('backup', (n: number) => n + 7))),
      named(
        'saga',
        sequence(
          work('book', (n: number) => n).with(compensate(undo)),
          work('pay', (n: number) => n).with(compensate(undo)),
          step('ship', async (_: number): Promise<number> => {
            await rest(2);
            throw new RangeError('no ships');
          }),
        ),
      ).with(recover((_, n: number) => n + 100)),
      graph<number>()
        .node(
          'ga',
          work('ga', (n: number) => n + 1),
        )
        .node(
          'gb',
          work('gb', (n: number) => n + 2, 1),
          { input: ({ input }) => input },
        )
        .node(
          'gc',
          work('gc', ({ ga, gb }: { ga: number; gb: number }) => ga + gb),
          {
            after: ['ga', 'gb'],
            input: ({ ga, gb }) => ({ ga, gb }),
          },
        ),
      transform((n: number) => ({ n })),
      assign({ twice: work('twice', ({ n }: { n: number }) => n * 2) }),
      quick('last', (all: unknown) => JSON.stringify(all)),
    ),
  );
}
