import type { Act } from './world.ts';

/** A policy to be made, as plain data. Those with the same `shared` number are one and the same in all of a tree. */
export type PolicySpec =
  | { readonly policy: 'retry'; readonly maxRetries: number; readonly delay: number }
  | { readonly policy: 'timeout'; readonly ms: number }
  | { readonly policy: 'fallback'; readonly acts: readonly Act[] }
  | { readonly policy: 'recover' }
  | { readonly policy: 'cache'; readonly ttl: number | undefined; readonly shared: Shared }
  | { readonly policy: 'budget'; readonly usd: number | undefined; readonly estimateUsd: number }
  | {
      readonly policy: 'rateLimit';
      readonly limit: number;
      readonly per: number;
      readonly algorithm: 'window' | 'token-bucket';
      readonly whenExceeded: 'wait' | 'refuse';
      readonly shared: Shared;
    }
  | {
      readonly policy: 'bulkhead';
      readonly concurrency: number;
      readonly queue: number;
      readonly shared: Shared;
    }
  | {
      readonly policy: 'circuitBreaker';
      /** In a row; without it, half of the calls within 20 ms, if there are two at least. */
      readonly failures: number | undefined;
      readonly resetAfter: number;
      readonly halfOpen: number;
      readonly shared: Shared;
    }
  | { readonly policy: 'hedge'; readonly after: number; readonly max: number }
  | { readonly policy: 'compensate'; readonly undo: Act };

/** Which of the policies of its kind that a whole tree shares; undefined for one of its own. */
export type Shared = 0 | undefined;

/** A policy as text. */
export function showPolicy({ policy, ...facts }: PolicySpec): string {
  return `${policy} ${JSON.stringify(facts).replaceAll('"', '')}`;
}
