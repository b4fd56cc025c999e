import { DefinitionError } from '../../src/core/errors.ts';

/**
 * What one failure means to what runs beside it: `'fail-fast'` cancels the others and fails; `'settle'` lets all of
 * them end and gives each one's outcome.
 */
export type FailureMode = 'fail-fast' | 'settle';

/** How one item of a map ended, beside its key. */
export type SettledItem<O> = PromiseSettledResult<O> & {
  /** What the item's path calls it. */
  readonly key: string;
};

/** What stands for one item in a list of results. */
export type ItemResult<O, F extends FailureMode> = F extends 'settle' ? SettledItem<O> : O;

/** How much runs at once. */
export interface ConcurrencyOptions {
  /** How many at most run at the same time: a whole number from 1; default no limit. */
  readonly concurrency?: number;
}

/** The limit an option asks for. */
export function limitOf(options: ConcurrencyOptions, what: string): number {
  const { concurrency = Number.POSITIVE_INFINITY } = options;
  if (!(concurrency >= 1) || (concurrency !== Number.POSITIVE_INFINITY && !Number.isInteger(concurrency)))
    throw new DefinitionError(`${what}: concurrency ${concurrency} is not a whole number from 1`);
  return concurrency;
}
