import {
  BudgetExceededError,
  DefinitionError,
  InputValidationError,
  OutputValidationError,
  RunCancelledError,
  StepFailedError,
} from '../../src/core/errors.ts';
import { statusOf } from './http-facts.ts';

/** The HTTP statuses of failures that may pass. Source: the MachPay page. */
export const transientStatuses: readonly number[] = [429, 500, 502, 503, 504];

/** Whether the same call may go better another time: not if the call, what it gives, or the budget is at fault. */
export function isTransient(error: unknown, statuses: readonly number[] = transientStatuses): boolean {
  if (error instanceof InputValidationError || error instanceof OutputValidationError) return false;
  if (error instanceof DefinitionError || error instanceof BudgetExceededError) return false;
  const status = statusOf(thrownBy(error));
  return status === undefined || statuses.includes(status);
}

/** Whether it was ended from outside, which says nothing of the call. */
export function isCancellation(error: unknown): boolean {
  return error instanceof RunCancelledError || (error instanceof Error && error.name === 'AbortError');
}

/** What was thrown: clients that throw plain objects put the facts there. */
export function thrownBy(error: unknown): unknown {
  return error instanceof StepFailedError ? (error.cause ?? error) : error;
}
