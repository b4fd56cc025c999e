import {
  ApprovalRejectedError,
  BudgetExceededError,
  CompensationFailedError,
  DefinitionError,
  DuplicateKeyError,
  InputValidationError,
  MaxStepsError,
  NonSerializableOutputError,
  OutputValidationError,
  RunCancelledError,
  StepInterruptedError,
  WireFormatError,
} from '../../src/core/errors.ts';
import { statusOf } from './http-facts.ts';

/** The HTTP statuses of failures that may pass. Source: the MachPay page. */
export const transientStatuses: readonly number[] = [429, 500, 502, 503, 504];

/** Failures of the call, of what it gives, of the budget, or of an undoing that is not to be done twice. */
const permanent = [
  InputValidationError,
  OutputValidationError,
  DefinitionError,
  BudgetExceededError,
  NonSerializableOutputError,
  WireFormatError,
  DuplicateKeyError,
  MaxStepsError,
  CompensationFailedError,
  StepInterruptedError,
  ApprovalRejectedError,
];

/** Whether the same call may go better another time. */
export function isTransient(error: unknown, statuses: readonly number[] = transientStatuses): boolean {
  if (isCancellation(error) || permanent.some((kind) => error instanceof kind)) return false;
  const status = statusOf(error);
  return status === undefined || statuses.includes(status);
}

/** Whether it was ended from outside, which says nothing of the call. */
export function isCancellation(error: unknown): boolean {
  return error instanceof RunCancelledError || (error instanceof Error && error.name === 'AbortError');
}
