import { budget } from '../../../operators/policies/budget.ts';
import { cache } from '../../../operators/policies/cache.ts';
import { type RetryOptions, retry } from '../../../operators/policies/retry.ts';
import { timeout } from '../../../operators/policies/timeout.ts';
import { isTransient } from '../../../operators/policies/transient.ts';
import { StepTimeoutError } from '../../core/errors.ts';
import type { Policy, Step } from '../../core/step-types.ts';
import type { PlannedRetry, PlannedWork } from '../plan/plan.ts';

/** A step of a file, whose types are checked by schemas alone. */
export type OpenStep = Step<unknown, unknown>;

/** A step under the policies that concern its attempts: a time-out for each, what each may cost, retries, and a budget for all. */
export function attempted(step: OpenStep, work: PlannedWork): OpenStep {
  const policies: Policy[] = [];
  if (work.timeout !== undefined) policies.push(timeout(work.timeout));
  const { estimateUsd } = work.skill;
  if (estimateUsd !== undefined) policies.push(budget({ estimateUsd: estimateUsd as () => number }));
  if (work.retry !== undefined) policies.push(retry(retryOptions(work.retry)));
  if (work.budget !== undefined) policies.push(budget(work.budget));
  return policies.reduce((made, policy) => made.with(policy), step);
}

/** A step that remembers its outputs, if it is to. */
export function cached(step: OpenStep, work: PlannedWork): OpenStep {
  return work.cache === undefined ? step : step.with(cache(work.cache));
}

/** How `retry` in a file is called in code. */
export function retryOptions({ onTimeout, ...options }: PlannedRetry): RetryOptions {
  if (onTimeout !== false) return options;
  const { on } = options;
  return { ...options, on: (error) => !(error instanceof StepTimeoutError) && isTransient(error, on) };
}
