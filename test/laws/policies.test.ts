import type { Step } from 'tutti';
import { cache, fallback, parallel, recover, retry, sequence, timeout } from 'tutti/operators';
import { checkEvents } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { laws } from './laws.ts';
import { subject } from './subject.ts';
import { shared } from './two-runs.ts';
import type { Act, World } from './world.ts';

type Policed = (step: Step<number, number, number>, world: World) => Step<number, number, number>;

/** Each policy as it does most: time runs out, attempts fail, answers are shared. */
const policies: Readonly<Record<string, Policed>> = {
  retry: (step) => step.with(retry({ delay: 3, maxRetries: 1 })),
  'retry at once': (step) => step.with(retry({ delay: 0, maxRetries: 1 })),
  timeout: (step) => step.with(timeout(4)),
  fallback: (step, w) =>
    step.with(fallback(w.probe('f', { ms: 2, ends: 'failure', costUsd: 1 }), w.probe('g', { ms: 1 }))),
  recover: (step) => step.with(recover(() => 0)),
  cache: (step) => step.with(cache()),
};

/** What a body can do to its policies. */
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

type Making = (world: World) => Step<number, number, number>;

/** Side by side, for what is shared, and once more, for what is remembered. */
const thrice = (making: Making) => (world: World) => {
  const step = making(world);
  const twice = parallel([step, step], { failure: 'settle' }).map(() => 1);
  return subject(sequence(twice, step.with(recover(() => 0))), 1);
};

const once = (making: Making) => (world: World) => subject(making(world), 1);

/** All pairs of policies meet all bodies only where time is no matter: `TUTTI_PROPERTY_RUNS` of 1,000 and more. */
const thorough = Number(process.env.TUTTI_PROPERTY_RUNS ?? 0) >= 1000;
const paired = Object.entries(policies).filter(([name]) => thorough || name !== 'retry at once');
const inPairs = ['a step that fails once', 'a step that takes too long once'];

for (const [body, acts] of Object.entries(bodies)) {
  for (const [name, policy] of Object.entries(policies))
    laws(
      `${body}, with ${name}`,
      thrice((w) => policy(w.probe('a', ...acts), w)),
    );

  if (!thorough && !inPairs.includes(body)) continue;
  for (const [inner, first] of paired)
    for (const [outer, second] of paired) {
      const make = [inner, outer].includes('cache') ? thrice : once;
      laws(
        `${body}, with ${inner}, then ${outer}`,
        make((w) => second(first(w.probe('a', ...acts), w), w)),
        { ends: 'either' },
      );
    }
}

describe('a cache that two runs share', () => {
  const makings: Readonly<Record<string, Making>> = {
    'at once': (w) => w.probe('a', { costUsd: 1 }).with(cache()),
    'in time': (w) => w.probe('a', { ms: 3, partials: 1, costUsd: 1 }).with(cache()),
    'at the second attempt': (w) =>
      w.probe('a', { ms: 1, ends: 'failure' }, { ms: 2 }).with(retry({ delay: 1 }), cache()),
    'not at all, then': (w) =>
      w.probe('a', { ms: 1, ends: 'failure' }, { ms: 2 }).with(cache(), retry({ delay: 1 })),
  };
  const cases = Object.entries(makings).flatMap(([name, make]) =>
    [false, true].map(
      (graceful) => [name, graceful ? 'is cancelled' : 'is unsubscribed', make, graceful] as const,
    ),
  );

  it.each(cases)('answers %s, when one of them %s at any event', (_, __, make, graceful) => {
    const { length } = shared(make, -1, true).one;
    for (let cutAt = 0; cutAt < length; cutAt++) {
      const { one, other, held } = shared(make, cutAt, graceful);
      expect(checkEvents(one, { cut: !graceful })).toEqual([]);
      expect(checkEvents(other)).toEqual([]);
      expect(other.at(-1)).toEqual(expect.objectContaining({ type: 'run.completed', output: 2 }));
      expect(held).toEqual([]);
    }
  });
});
