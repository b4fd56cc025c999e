import { describe } from 'vitest';
import type { Awaitable } from '../../store/run-store.ts';
import { committing } from './committing.ts';
import { creating } from './creating.ts';
import { leasing } from './leasing.ts';
import { listing } from './listing.ts';
import { sharing } from './sharing.ts';
import { opener, type StorePlace } from './store-place.ts';
import { telling } from './telling.ts';

/** What kind of store is tested. */
export interface StoreSuiteOptions {
  /** Whether several handles share what is kept, and it outlives them. Default: true. */
  readonly shared?: boolean;
}

/**
 * Makes vitest tests of all that a `RunStore` promises, for the authors of stores.
 *
 * runStoreSuite('myStore', async () => {
 *   const folder = await mkdtemp('/tmp/my-store-');
 *   return {
 *     open: (options) => myStore(`${folder}/runs`, options),
 *     remove: () => rm(folder, { recursive: true }),
 *   };
 * });
 *
 * Time: leases are tested with a clock that the suite moves: the store must read the `clock` that it is opened with. Only what
 * one handle tells another takes real time.
 *
 * @param name of the store, for the names of the tests
 * @param place makes a new, empty place to keep runs in, for each test
 */
export function runStoreSuite(
  name: string,
  place: () => Awaitable<StorePlace>,
  { shared = true }: StoreSuiteOptions = {},
): void {
  const open = opener(place);
  describe(`${name}, creating,`, () => creating(open));
  describe(`${name}, committing,`, () => committing(open));
  describe(`${name}, leasing,`, () => leasing(open));
  describe(`${name}, telling,`, () => telling(open));
  describe(`${name}, listing,`, () => listing(open));
  if (shared) describe(`${name}, shared,`, () => sharing(open));
}
