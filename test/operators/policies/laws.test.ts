import type { Policy, Step } from 'tutti';
import {
  budget,
  bulkhead,
  cache,
  circuitBreaker,
  compensate,
  fallback,
  hedge,
  parallel,
  rateLimit,
  recover,
  retry,
  sequence,
  timeout,
} from 'tutti/operators';
import { checkEvents } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { laws } from '../../laws/laws.ts';
import { subject } from '../../laws/subject.ts';
import { shared } from '../../laws/two-runs.ts';
import type { Act, World } from '../../laws/world.ts';

type Policed = (world: World) => Policy;
type Making = (world: World) => Step<number, number, number>;

/** The policies that this suite is about, each as it does most: made anew for each world. */
const resilience: Readonly<Record<string, Policed>> = {
  'a budget': () => budget({ usd: 4, alertAt: 0.2, estimateUsd: 1 }),
  'a rate limit': () => rateLimit({ limit: 1, per: 3 }),
  'a rate limit of tokens': () => rateLimit({ limit: 2, per: 6, algorithm: 'token-bucket' }),
  'a rate limit that refuses': () => rateLimit({ limit: 1, per: 3, whenExceeded: 'refuse' }),
  'a bulkhead': () => bulkhead({ concurrency: 1, queue: 9 }),
  'a circuit breaker': () => circuitBreaker({ name: 'c', failures: 1, resetAfter: 1 }),
  'a circuit breaker that samples': () =>
    circuitBreaker({
      name: 'c',
      sampling: { threshold: 0.5, window: 20, minimum: 2 },
      resetAfter: 1,
      halfOpen: 2,
    }),
  'a compensation': (w) =>
    compensate(
      w
        .probe('undo', { ms: 1, costUsd: 1, cleansUp: true })
        .using(({ output }: { output: number }) => output),
    ) as unknown as Policy,
  'a hedge': () => hedge({ after: 1, max: 3 }),
};

/** Those that were there before. */
const others: Readonly<Record<string, Policed>> = {
  'a retry': () => retry({ delay: 3, maxRetries: 1 }),
  'a retry at once': () => retry({ delay: 0, maxRetries: 1 }),
  'a time-out': () => timeout(4),
  'a fallback': (w) => fallback(w.probe('f', { ms: 1, costUsd: 1 })) as unknown as Policy,
  'a recovery': () => recover(() => 0) as unknown as Policy,
  'a cache': () => cache(),
};

const bodies: Readonly<Record<string, readonly Act[]>> = {
  'a step that ends well': [{ ms: 2, partials: 1, costUsd: 1 }],
  'a step that fails once': [
    { ms: 2, ends: 'failure', costUsd: 1, lateUsd: 2 },
    { ms: 2, costUsd: 4 },
  ],
  'a step that takes too long once': [{ ms: 9, costUsd: 1, abortUsd: 2 }, { costUsd: 4 }],
  'a step that fails, and fails': [
    { ends: 'failure', costUsd: 1 },
    { ms: 1, ends: 'failure', costUsd: 2 },
  ],
};

/** Side by side, for what is shared, and once more, for what is remembered. */
const thrice = (making: Making) => (world: World) => {
  const step = making(world);
  const twice = parallel([step, step], { failure: 'settle' }).map(() => 1);
  return subject(sequence(twice, step.with(recover(() => 0))), 1);
};

/** All bodies in all pairs: `TUTTI_PROPERTY_RUNS` of 1,000 and more. */
const thorough = Number(process.env.TUTTI_PROPERTY_RUNS ?? 0) >= 1000;

for (const [body, acts] of Object.entries(bodies))
  for (const [name, policed] of Object.entries(resilience))
    laws(
      `${body}, with ${name}`,
      thrice((w) => w.probe('a', ...acts).with(policed(w))),
    );

const names = Object.keys(resilience);
const all = Object.entries({ ...resilience, ...others });
all.forEach(([inner, first], i) => {
  all.forEach(([outer, second], j) => {
    if (!names.includes(inner) && !names.includes(outer)) return;
    Object.entries(bodies).forEach(([body, acts], k) => {
      // Else a third of the pairs meet one body each.
      if (!thorough && ((i - j) % 3 !== 0 || (i + j) % 3 !== k - 1)) return;
      laws(`${body}, with ${inner}, then ${outer}`, (w) => {
        const step = w.probe('a', ...acts).with(first(w), second(w));
        return subject(parallel([step, step], { failure: 'settle' }), 1);
      });
    });
  });
});

describe('what two runs share', () => {
  const { 'a rate limit that refuses': _, ...sharing } = resilience;
  const makings = Object.entries({ ...sharing, 'a bulkhead in a hedge': sharing['a bulkhead'] as Policed });
  const cases = makings.flatMap(([name, policed]) =>
    [false, true].map(
      (graceful) => [name, graceful ? 'is cancelled' : 'is unsubscribed', policed, graceful] as const,
    ),
  );

  it.each(cases)('(%s) lets one complete when the other %s at any event', (name, __, policed, graceful) => {
    for (const act of [{ costUsd: 1 }, { ms: 3, partials: 1, costUsd: 1 }]) {
      const make: Making = (w) => {
        const step = w.probe('a', act).with(policed(w));
        return name.endsWith('hedge') ? step.with(hedge({ after: 1 })) : step;
      };
      const { length } = shared(make, -1, true).one;
      for (let cutAt = 0; cutAt < length; cutAt++) {
        const { one, other, held } = shared(make, cutAt, graceful);
        expect(checkEvents(one, { cut: !graceful })).toEqual([]);
        expect(checkEvents(other)).toEqual([]);
        expect(other.at(-1)).toEqual(expect.objectContaining({ type: 'run.completed', output: 2 }));
        expect(held).toEqual([]);
      }
    }
  });

  it.each([false, true])(
    'lets one try a circuit when the other is cut as it tries, gracefully: %s',
    (graceful) => {
      const failing: Act = { ms: 1, ends: 'failure' };
      const make: Making = (w) =>
        w
          .probe('a', failing, failing, { ms: 3, partials: 1 })
          .with(
            circuitBreaker({ name: 'c', failures: 1, resetAfter: 2 }),
            retry({ delay: 2, factor: 1, maxRetries: 9 }),
          );
      const { length } = shared(make, -1, true).one;
      for (let cutAt = 0; cutAt < length; cutAt++) {
        const { other, held } = shared(make, cutAt, graceful);
        expect([cutAt, other.at(-1)?.type, held]).toEqual([cutAt, 'run.completed', []]);
      }
    },
  );
});
