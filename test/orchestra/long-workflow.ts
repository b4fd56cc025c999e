import { type AnyStep, type StepContext, step, workflow } from 'tutti';
import {
  assign,
  background,
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
  waitFor,
} from 'tutti/operators';

/** What bodies tell of themselves, and how long they take. */
export interface Surroundings {
  /** A body starts. */
  started(path: string, attempt: number): void;
  /** A body is about to give its output, or to throw. */
  ended?(path: string, attempt: number): void;
  /** Lets pass what `turns` turns are; default so many microtasks. */
  rest?(turns: number): Promise<void>;
}

/** Some microtasks, as a call takes. */
async function rested(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await null;
}

/** The signal that the workflow waits for, and what it takes it to be. */
export const answer = { name: 'answer', payload: 5 };

/** A workflow of every kind of structure and policy, of more than thirty steps, whose bodies tell when they start and end. */
export function longWorkflow({ started, ended = () => {}, rest = rested }: Surroundings): AnyStep {
  const work = <I, O>(id: string, f: (input: I, ctx: StepContext) => O, turns = 3) =>
    step(id, async (input: I, ctx): Promise<O> => {
      started(ctx.path, ctx.attempt);
      await rest(turns);
      ctx.cost({ usd: 0.01 });
      ended(ctx.path, ctx.attempt);
      return f(input, ctx);
    });
  const quick = <I, O>(id: string, f: (input: I) => O) =>
    step(id, (input: I, ctx): O => {
      started(ctx.path, ctx.attempt);
      ended(ctx.path, ctx.attempt);
      return f(input);
    });
  const flaky = <I, O>(id: string, times: number, f: (input: I) => O) =>
    work(id, (input: I, { attempt }): O => {
      if (attempt <= times) throw new RangeError(`${id} fails`);
      return f(input);
    });
  /** Fails in the first attempts of the step around it: its own attempts are counted anew in each. */
  const failsFirst = (id: string) =>
    work(id, (n: number) => {
      if (n % 2 === 1) throw new RangeError(`${id} fails`);
      return n;
    });
  const sub = workflow(
    { name: 'sub', version: '1' },
    sequence(
      work('s1', (n: number) => n + 1),
      quick('s2', (n: number) => n * 2),
    ),
  );
  const undo = step('undo', (_: unknown, ctx) => {
    started(ctx.path, ctx.attempt);
    ended(ctx.path, ctx.attempt);
  });
  return workflow(
    { name: 'long', version: '1', budget: { usd: 100 } },
    sequence(
      quick('first', (n: number) => n + 1),
      work('second', (n: number) => n * 3),
      background(work('beside', (n: number) => n, 9)),
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
      step('broken', (_: number, ctx): number => {
        started(ctx.path, ctx.attempt);
        ended(ctx.path, ctx.attempt);
        throw new RangeError('always');
      }).with(fallback(work('backup', (n: number) => n + 7))),
      named(
        'saga',
        sequence(
          work('book', (n: number) => n).with(compensate(undo)),
          work('pay', (n: number) => n).with(compensate(undo)),
          work('ship', (_: number): number => {
            throw new RangeError('no ships');
          }),
        ),
      ).with(recover((_, n: number) => n + 100)),
      transform((n: number) => ({ n })),
      assign({ waited: waitFor<number>(answer.name) }),
      transform(({ n, waited }: { n: number; waited: number }) => n + waited),
      named(
        'flight',
        sequence(
          work('board', (n: number) => n + 1),
          failsFirst('start'),
        ),
      ).with(
        retry({ delay: 1, maxRetries: 1 }),
        recover((_, n: number) => n + 3),
      ),
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
