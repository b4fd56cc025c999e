import { DefinitionError } from '../../src/core/errors.ts';

/** What becomes of a trigger that comes while a run goes on. */
export type OnEachStrategy = 'concat' | 'merge' | 'switch' | 'exhaust';

/** The same, taken apart. */
export interface Strategy {
  /** How many run at the same time. */
  readonly limit: number;
  /** It is dropped. */
  readonly drops: boolean;
  /** What runs is cancelled for it, and what waits is dropped. */
  readonly replaces: boolean;
}

/** The strategy of a name; `concurrency` is for `'merge'` alone. */
export function strategyOf(name: OnEachStrategy, concurrency: number | undefined): Strategy {
  if (concurrency !== undefined && name !== 'merge')
    throw new DefinitionError(`onEach: concurrency is for 'merge', with '${name}' one runs at a time`);
  switch (name) {
    case 'concat':
      return { limit: 1, drops: false, replaces: false };
    case 'merge':
      return { limit: limitOf(concurrency), drops: false, replaces: false };
    case 'switch':
      return { limit: 1, drops: false, replaces: true };
    case 'exhaust':
      return { limit: 1, drops: true, replaces: false };
    default:
      throw new DefinitionError(
        `onEach: '${String(name)}' is not a strategy, such as 'concat', 'merge', 'switch' or 'exhaust'`,
      );
  }
}

function limitOf(concurrency = Number.POSITIVE_INFINITY): number {
  if (concurrency >= 1 && (Number.isInteger(concurrency) || concurrency === Number.POSITIVE_INFINITY))
    return concurrency;
  throw new DefinitionError(`onEach: concurrency ${concurrency} is not a whole number from 1`);
}
