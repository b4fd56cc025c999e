import { type Policy, run, step } from 'tutti';
import {
  budget,
  bulkhead,
  cache,
  circuitBreaker,
  compensate,
  fallback,
  hedge,
  rateLimit,
  recover,
  retry,
  sequence,
  timeout,
} from 'tutti/operators';
import { incrementLater } from '../bodies.ts';
import type { Engine } from '../engine.ts';
import { Listener } from '../listener.ts';
import type { policyNames } from '../workloads/policies.ts';

const idle = step('idle', (value: number) => value);

const policies: Readonly<Record<(typeof policyNames)[number], () => Policy>> = {
  retry: () => retry(),
  timeout: () => timeout('1h'),
  fallback: () => fallback(idle) as Policy,
  recover: () => recover(() => 0) as Policy,
  cache: () => cache() as Policy,
  budget: () => budget({ usd: 1 }) as Policy,
  rateLimit: () => rateLimit({ limit: 1e9, per: '1h', algorithm: 'token-bucket' }) as Policy,
  bulkhead: () => bulkhead({ concurrency: 1000 }),
  circuitBreaker: () => circuitBreaker({ name: 'bench', failures: 5 }),
  hedge: () => hedge({ after: '1h' }),
  compensate: () => compensate(step('undo', () => undefined)) as Policy,
};

/** Tutti with a policy around each step of its chain. */
export function tuttiWith(name: string): Engine {
  const policy: (() => Policy) | undefined = policies[name as keyof typeof policies];
  if (policy === undefined) throw new RangeError(`no policy is called ${name}`);
  return {
    name: `tutti+${name}`,
    packages: ['tutti'],
    tells: true,
    tasks: {
      policies: (size) => {
        const steps = Array.from({ length: size }, (_, at) => step(`s${at}`, incrementLater).with(policy()));
        const chain = sequence(...steps);
        return (input) =>
          new Promise((resolve) => {
            const listener = new Listener();
            run(chain, input).subscribe({
              next: listener.hear,
              complete: () => resolve(listener.results()),
            });
          });
      },
    },
  };
}
