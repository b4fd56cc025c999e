import { Session } from 'node:inspector/promises';
import { Subject, VirtualTimeScheduler } from 'rxjs';
import { type Policy, run, step } from 'tutti';
import { budget, bulkhead, cache, circuitBreaker, hedge, rateLimit } from 'tutti/operators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RateLanes } from '../../../operators/policies/rate-lanes.ts';
import { TokenBucketRate } from '../../../operators/policies/rates.ts';

/** Runs at once that share a policy: all are started, then answered one by one; as time passes, the others begin. */
function share(policy: Policy, size: number): { ended: number; timers: number } {
  const scheduler = new VirtualTimeScheduler();
  const answers: Subject<number>[] = [];
  const asking = step('asking', (_: number) => {
    const answer = new Subject<number>();
    answers.push(answer);
    return answer;
  }).with(policy);
  let ended = 0;
  for (let i = 0; i < size; i++) run(asking, i, { scheduler }).subscribe({ complete: () => ended++ });
  for (let i = 0; i < size; i++) {
    if (answers[i] === undefined) scheduler.flush();
    answers[i]?.complete();
  }
  return { ended, timers: scheduler.actions.length };
}

/** Starts runs and ends them before they have an answer, the last first and then the first first. */
function abandon(policy: Policy, size: number): { timers: number } {
  const scheduler = new VirtualTimeScheduler();
  const asking = step('asking', (_: number) => new Subject<number>()).with(policy);
  const subscriptions = Array.from({ length: size }, (_, i) => run(asking, i, { scheduler }).subscribe());
  for (const subscription of subscriptions.splice(size / 2).reverse()) subscription.unsubscribe();
  for (const subscription of subscriptions) subscription.unsubscribe();
  return { timers: scheduler.actions.length };
}

const policies: Readonly<Record<string, () => Policy>> = {
  'a bulkhead with room for all': () => bulkhead({ concurrency: 1e6 }),
  'a bulkhead in which all wait': () => bulkhead({ concurrency: 1, queue: 1e6 }),
  'a window': () => rateLimit({ limit: 100, per: 1 }),
  'a token bucket': () => rateLimit({ limit: 100, per: 100, algorithm: 'token-bucket' }),
  'a rate limit by key': () => rateLimit({ limit: 1, per: 1, key: (n: unknown) => `key ${n}` }),
  'a circuit breaker': () => circuitBreaker({ name: 'x' }),
  'a sampling circuit breaker': () => circuitBreaker({ name: 'x', sampling: {} }),
  'a budget with an estimate': () => budget({ usd: 1, estimateUsd: 1 }),
  'a cache': () => cache({ max: 1e6 }),
};

describe('what many runs share', () => {
  const session = new Session();

  /** How often any piece of Tutti's code runs. */
  async function count(work: () => void): Promise<number> {
    await session.post('Profiler.takePreciseCoverage');
    work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const ours = result.filter(({ url }) => /\/(src\/core|operators)\//.test(url));
    return ours
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, range) => sum + range.count, 0);
  }

  beforeAll(async () => {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  });

  afterAll(() => session.disconnect());

  it.each(Object.entries(policies))('costs each of them the same, however many: %s', async (_, make) => {
    share(make(), 8);
    abandon(make(), 8);
    for (const work of [share, abandon]) {
      const few = await count(() => work(make(), 400));
      const many = await count(() => work(make(), 800));
      expect(few).toBeGreaterThan(400);
      expect(many / few).toBeLessThan(2.3); // of twice as many; what is quadratic comes to 4
    }
  });
});

describe('what 10,000 runs at once have shared', () => {
  const size = 10_000;
  const timeout = 60_000;

  it.each(Object.entries(policies))(
    'has served all and set no timer that is left: %s',
    { timeout },
    (_, make) => {
      expect(share(make(), size)).toEqual({ ended: size, timers: 0 });
      expect(abandon(make(), size)).toEqual({ timers: 0 });
    },
  );

  it('has nobody in it: a bulkhead', { timeout }, () => {
    const shared = bulkhead({ concurrency: 10, queue: size });
    share(shared, size);
    expect([shared.running, shared.waiting]).toEqual([0, 0]);
    abandon(shared, size);
    expect([shared.running, shared.waiting]).toEqual([0, 0]);
  });

  it('has no listeners, and lets all through: a circuit breaker', { timeout }, () => {
    const shared = circuitBreaker({ name: 'x' });
    share(shared, size);
    abandon(shared, size);
    const { source } = shared.state$ as unknown as { source: { observers: readonly unknown[] } };
    expect([source.observers.length, shared.state]).toEqual([0, 'closed']);
  });

  it('has forgotten them after a while: a rate limit by key', () => {
    const lanes = new RateLanes(() => new TokenBucketRate(1, 100), 100);
    for (let i = 0; i < size; i++) lanes.of(`key ${i}`, 0).take(0);
    expect(lanes.size).toBe(size);
    lanes.of('another', 100);
    expect(lanes.size).toBe(1);
  });

  it('sets a timer of its own for each that runs, and leaves none: a hedge', { timeout }, () => {
    expect(share(hedge({ after: 1e9 }), 1000)).toEqual({ ended: 1000, timers: 0 });
    expect(abandon(hedge({ after: 1e9 }), 1000)).toEqual({ timers: 0 });
  });
});
