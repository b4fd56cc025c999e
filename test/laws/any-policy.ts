import fc from 'fast-check';
import type { PolicySpec } from './policy-spec.ts';
import type { Act } from './world.ts';

const ms = fc.integer({ min: 1, max: 20 });
const few = fc.integer({ min: 1, max: 3 });
const shared = fc.constantFrom(0, undefined, undefined);
const plenty = 1_000_000;

type Of<K extends PolicySpec['policy']> = fc.Arbitrary<Extract<PolicySpec, { policy: K }>>;
const named = <K extends PolicySpec['policy']>(policy: K) => fc.constant(policy);

/** Any policy that may come into force, whatever it is around. */
export function anyPolicy(
  acts: fc.Arbitrary<readonly Act[]>,
  undo: fc.Arbitrary<Act>,
): fc.Arbitrary<PolicySpec> {
  const retry: Of<'retry'> = fc.record({
    policy: named('retry'),
    maxRetries: fc.nat(2),
    delay: fc.nat(5),
  });
  const cache: Of<'cache'> = fc.record({
    policy: named('cache'),
    ttl: fc.constantFrom(undefined, 0, 5),
    shared,
  });
  const budget: Of<'budget'> = fc.record({
    policy: named('budget'),
    usd: fc.constantFrom(2, 8, 32, undefined),
    estimateUsd: fc.nat(3),
  });
  const rateLimit: Of<'rateLimit'> = fc.record({
    policy: named('rateLimit'),
    limit: few,
    per: ms,
    algorithm: fc.constantFrom('window', 'token-bucket'),
    whenExceeded: fc.constantFrom('wait', 'wait', 'refuse'),
    shared,
  });
  const bulkhead: Of<'bulkhead'> = fc.record({
    policy: named('bulkhead'),
    concurrency: few,
    queue: fc.constantFrom(0, 1, 9, Number.POSITIVE_INFINITY),
    shared,
  });
  const circuitBreaker: Of<'circuitBreaker'> = fc.record({
    policy: named('circuitBreaker'),
    failures: fc.constantFrom(1, 2, undefined),
    resetAfter: ms,
    halfOpen: few,
    shared,
  });
  const hedge: Of<'hedge'> = fc.record({
    policy: named('hedge'),
    after: fc.nat(9),
    max: fc.integer({ min: 2, max: 3 }),
  });
  return fc.oneof<fc.Arbitrary<PolicySpec>[]>(
    retry,
    fc.record({ policy: named('timeout'), ms }),
    fc.record({ policy: named('fallback'), acts }),
    fc.record({ policy: named('recover') }),
    cache,
    budget,
    rateLimit,
    bulkhead,
    circuitBreaker,
    hedge,
    fc.record({ policy: named('compensate'), undo }),
  );
}

/** Policies that are around something and never come into force; a hedge only when what it is around fails. */
export const generousPolicy: fc.Arbitrary<PolicySpec> = fc.constantFrom<PolicySpec>(
  { policy: 'budget', usd: plenty, estimateUsd: 1 },
  {
    policy: 'rateLimit',
    limit: plenty,
    per: 1,
    algorithm: 'window',
    whenExceeded: 'wait',
    shared: undefined,
  },
  {
    policy: 'rateLimit',
    limit: plenty,
    per: 1,
    algorithm: 'token-bucket',
    whenExceeded: 'refuse',
    shared: undefined,
  },
  { policy: 'bulkhead', concurrency: plenty, queue: 0, shared: undefined },
  { policy: 'circuitBreaker', failures: plenty, resetAfter: 1, halfOpen: 1, shared: undefined },
  { policy: 'hedge', after: plenty, max: 2 },
  { policy: 'compensate', undo: { costUsd: 1 } },
);

/** Whether it is one of those. */
export function isGenerous(spec: PolicySpec): boolean {
  switch (spec.policy) {
    case 'budget':
      return spec.usd === plenty;
    case 'rateLimit':
      return spec.limit === plenty;
    case 'bulkhead':
      return spec.concurrency === plenty;
    case 'circuitBreaker':
      return spec.failures === plenty;
    case 'hedge':
      return spec.after === plenty;
    case 'compensate':
      return spec.undo.ms === undefined && spec.undo.ends !== 'failure';
    default:
      return false;
  }
}
