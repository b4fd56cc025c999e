import { EMPTY, from, map, merge, NEVER, type Observable, throwError } from 'rxjs';
import { type Cost, type RunEnded, type RunEvent, run, step } from 'tutti';
import {
  type CostTotals,
  costs,
  fallback,
  mapEach,
  parallel,
  perRun,
  retry,
  type Spending,
} from 'tutti/operators';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { makeEvent } from './make-event.ts';

const broken = new RangeError('broken');

/** A step that tells of this cost as it starts, then plays marbles. */
const paying = (m: MarblesContext, id: string, cost: Cost, marbles: string) =>
  step(id, (_: unknown, ctx) => {
    ctx.cost(cost);
    return m.cold(marbles);
  });

/** All totals of a run, as they come. */
function totalsOf(run$: Observable<RunEvent>): CostTotals[] {
  const all: CostTotals[] = [];
  run$.pipe(costs()).subscribe((totals) => all.push(totals));
  return all;
}

/** The dollars of each name. */
const usd = (by: Readonly<Record<string, Spending>>) =>
  Object.fromEntries(Object.entries(by).map(([name, { totalUsd }]) => [name, totalUsd]));

describe('costs', () => {
  it(
    'adds up what has been spent, with each cost',
    marbles((m) => {
      const a = step('a', (_: string, ctx) =>
        m.cold('-1-2-|').pipe(map((n) => ctx.cost({ usd: Number(n) / 4 }))),
      );
      const total$ = run(a, 'x').pipe(
        costs(),
        map(({ totalUsd }) => totalUsd),
      );
      m.expect(total$).toBeObservable('-a-b-|', { a: 0.25, b: 0.75 });
    }),
  );

  it(
    'tells what it was spent on: steps, providers, models, tokens',
    marbles((m) => {
      const a = paying(
        m,
        'a',
        { usd: 1, provider: 'p', model: 'small', inputTokens: 5, outputTokens: 2 },
        '|',
      );
      const b = paying(
        m,
        'b',
        { usd: 2, provider: 'p', model: 'large', inputTokens: 7, cachedInputTokens: 3 },
        '|',
      );
      const c = paying(m, 'c', { usd: 4 }, '|');
      const totals = totalsOf(run(parallel({ a, b, c, again: a }), 'x')).at(-1);
      expect(JSON.parse(JSON.stringify(totals))).toEqual({
        totalUsd: 8,
        tokens: { input: 17, output: 4, cachedInput: 3 },
        byStep: {
          a: { totalUsd: 2, tokens: { input: 10, output: 4, cachedInput: 0 } },
          b: { totalUsd: 2, tokens: { input: 7, output: 0, cachedInput: 3 } },
          c: { totalUsd: 4, tokens: { input: 0, output: 0, cachedInput: 0 } },
        },
        byProvider: { p: { totalUsd: 4, tokens: { input: 17, output: 4, cachedInput: 3 } } },
        byModel: {
          small: { totalUsd: 2, tokens: { input: 10, output: 4, cachedInput: 0 } },
          large: { totalUsd: 2, tokens: { input: 7, output: 0, cachedInput: 3 } },
        },
      });
    }),
  );

  it(
    'counts failed attempts, fallbacks and cancelled branches, and comes to what the run cost',
    marbles((m) => {
      const flaky = paying(m, 'flaky', { usd: 1 }, '-#').with(retry({ delay: 1, maxRetries: 2 }));
      const safe = flaky.with(fallback(paying(m, 'basic', { usd: 8 }, '-|')));
      const slow = paying(m, 'slow', { usd: 16 }, '-----------');
      const events: RunEvent[] = [];
      const run$ = run(parallel({ safe, slow }), 'x', { signal: abortAfter(8) });
      const all = totalsOf(run$);
      run$.subscribe((event) => events.push(event));
      m.flush();
      expect(all.map(({ totalUsd }) => totalUsd)).toEqual([1, 17, 18, 19, 27]);
      expect((events.at(-1) as RunEnded).costUsd).toBe(27);
      expect(usd(all.at(-1)?.byStep ?? {})).toEqual({ flaky: 3, slow: 16, basic: 8 });
    }),
  );

  it(
    'counts a cost that comes late',
    marbles((m) => {
      const hasty = step('hasty', (_: string, { cost }) => {
        m.cold('--x').subscribe(() => cost({ usd: 2, model: 'late' }));
        return m.cold('|');
      });
      const total$ = run(parallel({ hasty, slow: fakeStep(m, 'slow', '----|') }), 'x').pipe(
        costs(),
        map(({ totalUsd, byModel }) => [totalUsd, byModel.late?.totalUsd]),
      );
      m.expect(total$).toBeObservable('--a-|', { a: [2, 2] });
    }),
  );

  it('is never changed by what happens later, and gives the same again', () => {
    const many = mapEach(
      step('s', (n: number, { cost }) => cost({ usd: 1, provider: `p${n % 30}`, model: 'm' })),
    );
    const all: CostTotals[] = [];
    const asThen: string[] = [];
    run(
      many,
      Array.from({ length: 200 }, (_, n) => n),
    )
      .pipe(costs())
      .subscribe((totals) => {
        all.push(totals);
        if (all.length % 3 === 0) asThen.push(JSON.stringify(totals));
      });
    expect(all.filter((_, n) => n % 3 === 2).map((totals) => JSON.stringify(totals))).toEqual(asThen);
    for (const [n, totals] of all.entries()) {
      expect(totals.byModel.m?.totalUsd).toBe(n + 1);
      expect(Object.keys(totals.byProvider)).toHaveLength(Math.min(n + 1, 30));
      expect(Object.keys(totals.byProvider).every((name, index) => name === `p${index}`)).toBe(true);
      expect(totals.byProvider).toBe(totals.byProvider);
    }
  });

  it('takes about the same time per cost, however many there are', () => {
    const cost = makeEvent('step.cost', { usd: 1, provider: 'p', model: 'm' });
    const last = (length: number): CostTotals | undefined => {
      let totals: CostTotals | undefined;
      const events$ = from(Array.from({ length }, (_, seq) => ({ ...cost, seq, step: `s${seq % 100}` })));
      events$.pipe(costs()).subscribe((next) => {
        totals = next;
      });
      return totals;
    };
    expect(last(200_000)?.byStep.s7?.totalUsd).toBe(2000);
  });

  it(
    'keeps odd names',
    marbles((m) => {
      const a = paying(m, 'a', { usd: 1, provider: '__proto__', model: 'constructor' }, '|');
      const totals = totalsOf(run(a, 'x')).at(-1);
      expect(Object.entries(totals?.byProvider ?? {})).toMatchObject([['__proto__', { totalUsd: 1 }]]);
      expect(Object.hasOwn(totals?.byModel ?? {}, 'constructor')).toBe(true);
    }),
  );

  it(
    'adds up many runs, and each for itself with perRun',
    marbles((m) => {
      const a = paying(m, 'a', { usd: 1 }, '-|');
      const both$ = merge(run(a, 'x', { runId: '1' }), run(a, 'x', { runId: '2' }));
      expect(totalsOf(both$).map(({ totalUsd }) => totalUsd)).toEqual([1, 2]);
      const each: [string, number][] = [];
      both$.pipe(perRun(costs())).subscribe(({ runId, value }) => each.push([runId, value.totalUsd]));
      expect(each).toEqual([
        ['1', 1],
        ['2', 1],
      ]);
    }),
  );

  it(
    'begins anew for each who listens',
    marbles((m) => {
      const costs$ = run(paying(m, 'a', { usd: 1 }, '-|'), 'x').pipe(costs());
      for (let i = 0; i < 2; i++)
        expect(totalsOf(run(paying(m, 'a', { usd: 1 }, '-|'), 'x'))).toHaveLength(1);
      const seen: number[] = [];
      costs$.subscribe(({ totalUsd }) => seen.push(totalUsd));
      costs$.subscribe(({ totalUsd }) => seen.push(totalUsd));
      expect(seen).toEqual([1, 1]);
    }),
  );

  it(
    'gives nothing where nothing was spent, and passes on an error of the stream',
    marbles((m) => {
      m.expect(run(fakeStep(m, 'a', '--|'), 'x').pipe(costs())).toBeObservable('--|');
      m.expect(EMPTY.pipe(costs())).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(costs())).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'ends the run when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      m.expect(run(a, 'x').pipe(costs()), '^--!').toBeObservable('-');
      m.has(source, '                      ^--!');
    }),
  );

  it('has types', () => {
    const events$ = NEVER as Observable<RunEvent<number>>;
    expectTypeOf(events$.pipe(costs())).toEqualTypeOf<Observable<CostTotals>>();
    (totals: CostTotals) => {
      expectTypeOf(totals.byStep.a).toEqualTypeOf<Spending | undefined>();
      // @ts-expect-error: totals do not change
      totals.totalUsd = 0;
    };
    // @ts-expect-error: texts are no events
    () => (NEVER as Observable<string>).pipe(costs());
  });
});
