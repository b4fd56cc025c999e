/** Puts the results of a map together, as they come. */
export interface Collector {
  /** The item at `index` gave `result`. */
  add(index: number, result: unknown): void;
  result(): unknown;
}

/** Makes a collector; each run has its own. */
export type CollectorFactory = () => Collector;

/** A list in the order of the items. */
export const inputOrder: CollectorFactory = () => {
  const results: unknown[] = [];
  return {
    add: (index, result) => {
      results[index] = result;
    },
    result: () => results,
  };
};

/** A list in the order in which results came. */
export const completionOrder: CollectorFactory = () => {
  const results: unknown[] = [];
  return {
    add: (_index, result) => {
      results.push(result);
    },
    result: () => results,
  };
};

/** One value that takes in each result as it comes. */
export function folded(
  accumulate: (acc: never, result: never) => unknown,
  seed: () => unknown,
): CollectorFactory {
  return () => {
    let acc = seed();
    return {
      add: (_index, result) => {
        acc = accumulate(acc as never, result as never);
      },
      result: () => acc,
    };
  };
}

/** Hands results on in the order of the items, keeping back those that come before their turn. */
export function ordered(factory: CollectorFactory): CollectorFactory {
  return () => {
    const collector = factory();
    const early = new Map<number, unknown>();
    let next = 0;
    return {
      add: (index, result) => {
        if (index !== next) {
          early.set(index, result);
          return;
        }
        collector.add(next++, result);
        while (early.has(next)) {
          collector.add(next, early.get(next));
          early.delete(next++);
        }
      },
      result: () => collector.result(),
    };
  };
}
