import { StoreError } from '../../../src/store/errors.ts';

/** Does it again as long as the store says that it may be. */
export async function insist<T>(call: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof StoreError) || !error.retryable) throw error;
    }
  }
}
