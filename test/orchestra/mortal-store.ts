import { NEVER } from 'rxjs';
import type { RunStore } from 'tutti/store';

/** A store as one process sees it, and the end of that process: from then on nothing is answered, and nothing is written. */
export interface Mortal {
  readonly store: RunStore;
  kill(): void;
  /** The process ends when it is about to write its next commit. */
  killAtCommit(): void;
}

export function mortal(store: RunStore): Mortal {
  let dead = false;
  let dooms = false;
  const never = new Promise<never>(() => {});
  return {
    kill: () => {
      dead = true;
    },
    killAtCommit: () => {
      dooms = true;
    },
    store: new Proxy(store, {
      get(target, name, self) {
        const value: unknown = Reflect.get(target, name, self);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (dooms && name === 'commit') dead = true;
          if (dead) return name === 'watch' ? NEVER : never;
          return value.apply(target, args);
        };
      },
    }),
  };
}
