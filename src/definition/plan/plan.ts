import type { RetryOptions } from '../../../operators/policies/retry.ts';
import type { Expression } from '../expression/tree.ts';
import type { Mapping } from '../mapping/tree.ts';
import type { Skill } from '../registry/skill-registry.ts';

/** How one skill is to be run. */
export interface PlannedWork {
  /** What events call it. */
  readonly id: string;
  readonly skill: Skill;
  /** What its input is made of; without it, the input is what it is given. */
  readonly input: Mapping | undefined;
  readonly retry: PlannedRetry | undefined;
  readonly timeout: string | undefined;
  readonly cache: { readonly max?: number; readonly ttl?: string } | undefined;
  readonly budget: { readonly usd: number; readonly alertAt?: number } | undefined;
  readonly fallbacks: readonly PlannedWork[];
}

export interface PlannedRetry extends Omit<RetryOptions, 'on'> {
  readonly on?: readonly number[];
  readonly onTimeout?: boolean;
}

/** Over which items a step runs. */
export interface PlannedItems {
  readonly over: Mapping;
  readonly key: Expression | undefined;
  readonly concurrency: number | undefined;
  /** Items that fail are left out. */
  readonly settle: boolean;
}

/** A step of a workflow, checked. */
export interface PlannedStep extends PlannedWork {
  /** All that it waits for. */
  readonly after: readonly string[];
  readonly condition: Expression | undefined;
  readonly items: PlannedItems | undefined;
  readonly reduce: PlannedWork | undefined;
  readonly compensate: PlannedWork | undefined;
  readonly alone: boolean;
}
