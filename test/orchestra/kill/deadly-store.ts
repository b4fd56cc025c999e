import type { RunStore } from '../../../src/store/run-store.ts';
import type { Lease } from '../../../src/store/stored-run.ts';
import type { Death } from './death.ts';
import type { Plan, Point } from './plan.ts';

/** Counts how often a process comes to each point, and ends it at that of its plan. */
export class Fate {
  readonly #plan: Plan | undefined;
  readonly #death: Death;
  readonly #visits = new Map<Point, number>();

  constructor(plan: Plan | undefined, death: Death) {
    this.#plan = plan;
    this.#death = death;
  }

  /** The process is at a point: it ends here, if that is its plan, or in a moment, if the point lasts. */
  at(point: Point): void {
    const plan = this.#plan;
    if (plan?.point !== point) return;
    const visits = (this.#visits.get(point) ?? 0) + 1;
    this.#visits.set(point, visits);
    if (visits !== plan.nth) return;
    if (point.startsWith('while') || point === 'any-moment') this.#death.in(plan.delayUs);
    else this.#death.now();
  }
}

/** A store whose process may end as it is used. */
export function deadly(store: RunStore, fate: Fate): RunStore {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = (...args: unknown[]): unknown => value.apply(target, args);
      switch (name) {
        case 'create':
          return async (...args: unknown[]) => {
            const made = await call(...args);
            fate.at('after-create');
            return made;
          };
        case 'take':
          return async (...args: unknown[]) => {
            const lease = (await call(...args)) as Lease | undefined;
            if (lease !== undefined) fate.at('after-take');
            return lease;
          };
        case 'journal':
          return async (...args: unknown[]) => {
            fate.at('while-replaying');
            return call(...args);
          };
        case 'commit':
          return async (...args: unknown[]) => {
            fate.at('before-commit');
            const written = call(...args);
            fate.at('while-committing');
            await written;
            fate.at('after-commit-before-told');
          };
        default:
          return call;
      }
    },
  });
}
