import type { Batch } from '../../src/store/batch.ts';
import type { RunStore } from '../../src/store/run-store.ts';

/** When a process ends: with which of its commits, and on which side of writing it. */
export interface Crash {
  readonly commit: number;
  readonly side: 'before' | 'after';
}

/** A store as a process sees it that ends at one of its commits: from then on, nothing is answered. */
export function crashing(store: RunStore, crash: Crash, ended: () => void, instant: boolean): RunStore {
  let commits = 0;
  let over = false;
  const never = new Promise<never>(() => {});
  const commit: RunStore['commit'] = (lease, batch: Batch) => {
    if (over) return never;
    if (++commits === crash.commit) {
      if (crash.side === 'after') store.commit(lease, batch);
      over = true;
      ended();
      return never;
    }
    const written = store.commit(lease, batch);
    return instant ? written : Promise.resolve(written);
  };
  return new Proxy(store, {
    get(target, name, self) {
      if (name === 'commit') return commit;
      const value: unknown = Reflect.get(target, name, self);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => (over ? never : value.apply(target, args));
    },
  });
}
