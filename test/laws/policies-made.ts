import { type Policy, run, step } from 'tutti';
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
  timeout,
} from 'tutti/operators';
import type { PolicySpec } from './policy-spec.ts';
import type { World } from './world.ts';

/** A policy that runs share, and how many calls it must let through at once when nobody has used it for long. */
interface Reusable {
  readonly name: string;
  readonly policy: Policy;
  readonly atOnce: number;
}

/** Long enough for every limit and every circuit here to be as new. */
const longMs = 1e7;

/** Makes the policies of a world, and knows of each that is shared whether anything is left in it. */
export class PoliciesMade {
  readonly #world: World;
  readonly #shared = new Map<string, Policy>();
  readonly #reusable: Reusable[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** @param id of a step that the policy may run */
  of(spec: PolicySpec, id: string): Policy {
    if (!('shared' in spec) || spec.shared === undefined) return this.#make(spec, id);
    const key = `${spec.policy} ${spec.shared}`;
    const policy = this.#shared.get(key) ?? this.#make(spec, id);
    this.#shared.set(key, policy);
    return policy;
  }

  /** What is wrong with the policies when all runs are long over: a sentence each. */
  leftOver(): string[] {
    const { scheduler } = this.#world;
    this.#world.advance(scheduler.frame + longMs);
    return this.#reusable.flatMap(({ name, policy, atOnce }) => {
      const again = step('again', (n: number) => n).with(policy);
      const types: string[] = [];
      run(parallel(Array(atOnce).fill(again)), 0, { scheduler }).subscribe(({ type }) => types.push(type));
      this.#world.advance(scheduler.frame + longMs);
      if (types.includes('step.waiting')) return [`${name} still makes others wait`];
      return types.at(-1) === 'run.completed' ? [] : [`${name} still ends others in ${types.at(-1)}`];
    });
  }

  #make(spec: PolicySpec, id: string): Policy {
    switch (spec.policy) {
      case 'retry':
        return retry({ maxRetries: spec.maxRetries, delay: spec.delay, factor: 1 });
      case 'timeout':
        return timeout(spec.ms);
      case 'fallback':
        return fallback(this.#world.placed(id, ...spec.acts)) as unknown as Policy;
      case 'recover':
        return recover(() => 0) as unknown as Policy;
      case 'cache':
        return this.#keep(spec, 1, cache(spec.ttl === undefined ? {} : { ttl: spec.ttl }));
      case 'budget':
        return budget({ ...(spec.usd !== undefined && { usd: spec.usd }), estimateUsd: spec.estimateUsd });
      case 'rateLimit':
        return this.#keep(spec, spec.limit, rateLimit(optionsOf(spec)));
      case 'bulkhead':
        return this.#bulkhead(spec);
      case 'circuitBreaker': {
        const { failures, ...rest } = optionsOf(spec);
        const counted = failures === undefined ? { sampling: { window: 20, minimum: 2 } } : { failures };
        return this.#keep(spec, spec.halfOpen, circuitBreaker({ name: 'c', ...rest, ...counted }));
      }
      case 'hedge':
        return hedge(optionsOf(spec));
      case 'compensate': {
        const undo = this.#world.placed(id, { ...spec.undo, cleansUp: true });
        return compensate(undo.using(({ output }: { output: number }) => output)) as unknown as Policy;
      }
      default:
        return spec satisfies never;
    }
  }

  #bulkhead(spec: Extract<PolicySpec, { policy: 'bulkhead' }>): Policy {
    const made = bulkhead(optionsOf(spec));
    this.#world.alsoHeld.push(() =>
      made.running + made.waiting === 0
        ? undefined
        : `${made.running} run and ${made.waiting} wait in a bulkhead`,
    );
    return this.#keep(spec, Math.min(spec.concurrency, 9), made);
  }

  #keep({ policy: name }: PolicySpec, atOnce: number, policy: Policy): Policy {
    this.#reusable.push({ name, policy, atOnce: Math.min(atOnce, 9) });
    return policy;
  }
}

/** What a policy is given, without what says which policy it is and who shares it. */
function optionsOf<S extends { readonly policy: string; readonly shared?: unknown }>(
  spec: S,
): Omit<S, 'policy' | 'shared'> {
  const { policy: _, shared: __, ...options } = spec;
  return options;
}
