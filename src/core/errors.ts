import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Decision } from './mailbox.ts';
import type { Problem } from './problem.ts';

/**
 * What every error of Tutti is: a literal `code` to switch on, its facts as fields, the original in `cause`.
 */
export abstract class TuttiError extends Error {
  abstract override readonly name: string;
  abstract readonly code: string;
}

/** A workflow, a step or an option that cannot mean anything; thrown where it is written, before anything runs. */
export class DefinitionError extends TuttiError {
  override readonly name = 'DefinitionError';
  readonly code = 'DEFINITION';
  /** All that is wrong, each at its place, where it was written in a file or a text; else empty. */
  readonly problems: readonly Problem[];

  constructor(message: string, options: ErrorOptions & { readonly problems?: readonly Problem[] } = {}) {
    super(message, options);
    this.problems = options.problems ?? [];
  }
}

/** A schema's complaints, as Standard Schema gives them. */
export type Issues = readonly StandardSchemaV1.Issue[];

/** An input that the schema of step `stepId` refuses; at a run's edge, it is thrown before any step starts. */
export class InputValidationError extends TuttiError {
  override readonly name = 'InputValidationError';
  readonly code = 'INPUT_VALIDATION';
  readonly stepId: string;
  readonly issues: Issues;

  constructor(stepId: string, issues: Issues) {
    super(`input of ${stepId}: ${summarize(issues)}`);
    this.stepId = stepId;
    this.issues = issues;
  }
}

/** An output that the schema of step `stepId` refuses. */
export class OutputValidationError extends TuttiError {
  override readonly name = 'OutputValidationError';
  readonly code = 'OUTPUT_VALIDATION';
  readonly stepId: string;
  readonly issues: Issues;

  constructor(stepId: string, issues: Issues) {
    super(`output of ${stepId}: ${summarize(issues)}`);
    this.stepId = stepId;
    this.issues = issues;
  }
}

/** Something that is not an Error was thrown in a step, or several failures became one; what it was is in `cause`. */
export class StepFailedError extends TuttiError {
  override readonly name = 'StepFailedError';
  readonly code = 'STEP_FAILED';
}

/** A step took longer than `timeoutMs` milliseconds. */
export class StepTimeoutError extends TuttiError {
  override readonly name = 'StepTimeoutError';
  readonly code = 'STEP_TIMEOUT';
  readonly stepId: string;
  readonly timeoutMs: number;

  constructor(stepId: string, timeoutMs: number) {
    super(`${stepId} took longer than ${timeoutMs} ms`);
    this.stepId = stepId;
    this.timeoutMs = timeoutMs;
  }
}

/** Step `stepId` was running when its process ended; nobody knows how far it came. */
export class StepInterruptedError extends TuttiError {
  override readonly name = 'StepInterruptedError';
  readonly code = 'STEP_INTERRUPTED';
  readonly stepId: string;

  constructor(stepId: string) {
    super(`${stepId} was running when its process ended`);
    this.stepId = stepId;
  }
}

/** Somebody said no to `approval`. */
export class ApprovalRejectedError extends TuttiError {
  override readonly name = 'ApprovalRejectedError';
  readonly code = 'APPROVAL_REJECTED';
  readonly approval: string;
  readonly by: string | undefined;
  readonly comment: string | undefined;

  constructor(approval: string, { by, comment }: Partial<Decision>) {
    super(
      `${approval} was rejected${by === undefined ? '' : ` by ${by}`}${comment === undefined ? '' : `: ${comment}`}`,
    );
    this.approval = approval;
    this.by = by;
    this.comment = comment;
  }
}

/** A service answered with HTTP status `status`; `retryAfterMs` is how long it asked to be left alone. */
export class HttpStatusError extends TuttiError {
  override readonly name = 'HttpStatusError';
  readonly code = 'HTTP_STATUS';
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, options: ErrorOptions & { message?: string; retryAfterMs?: number } = {}) {
    super(options.message ?? `HTTP status ${status}`, options);
    this.status = status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The run was cancelled, or the part of it that this was; the message is the reason. */
export class RunCancelledError extends TuttiError {
  override readonly name = 'RunCancelledError';
  readonly code = 'RUN_CANCELLED';
}

/**
 * What was spent passed the limit of a budget; or, where there is an `estimateUsd`, a step was not begun because what it is
 * expected to cost would have. All in US dollars; then `spentUsd` has in it what is set aside for steps under way.
 */
export class BudgetExceededError extends TuttiError {
  override readonly name = 'BudgetExceededError';
  readonly code = 'BUDGET_EXCEEDED';
  readonly spentUsd: number;
  readonly limitUsd: number;
  readonly estimateUsd: number | undefined;

  constructor(spentUsd: number, limitUsd: number, estimateUsd?: number) {
    super(
      estimateUsd === undefined
        ? `spent ${dollars(spentUsd)} of a budget of ${dollars(limitUsd)}`
        : `${dollars(estimateUsd)} more would pass a budget of ${dollars(limitUsd)}, of which ${dollars(spentUsd)} is spent or set aside`,
    );
    this.spentUsd = spentUsd;
    this.limitUsd = limitUsd;
    this.estimateUsd = estimateUsd;
  }
}

/** The circuit breaker `circuit` lets nothing through; `retryAfterMs` is until it lets somebody try, if that is known. */
export class CircuitOpenError extends TuttiError {
  override readonly name = 'CircuitOpenError';
  readonly code = 'CIRCUIT_OPEN';
  readonly circuit: string;
  readonly retryAfterMs: number | undefined;

  constructor(circuit: string, retryAfterMs?: number) {
    super(`circuit ${circuit} is open`);
    this.circuit = circuit;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A bulkhead has `concurrency` running and `queue` waiting, and takes no more. */
export class BulkheadFullError extends TuttiError {
  override readonly name = 'BulkheadFullError';
  readonly code = 'BULKHEAD_FULL';
  readonly concurrency: number;
  readonly queue: number;

  constructor(concurrency: number, queue: number) {
    super(`the bulkhead is full: ${concurrency} running, ${queue} waiting`);
    this.concurrency = concurrency;
    this.queue = queue;
  }
}

/** A rate limit is reached for `key` (`''` where there is one for all), for `retryAfterMs` milliseconds more. */
export class RateLimitError extends TuttiError {
  override readonly name = 'RateLimitError';
  readonly code = 'RATE_LIMIT';
  readonly key: string;
  readonly retryAfterMs: number;

  constructor(key: string, retryAfterMs: number) {
    super(`rate limit reached${key === '' ? '' : ` for ${key}`}, for ${retryAfterMs} ms more`);
    this.key = key;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Two items of one map have the same key, so that their steps could not be told apart. */
export class DuplicateKeyError extends TuttiError {
  override readonly name = 'DuplicateKeyError';
  readonly code = 'DUPLICATE_KEY';
  readonly key: string;
  /** The place that both would have, such as `/mapEach/read[k]`. */
  readonly path: string;

  constructor(key: string, path: string) {
    super(`two items have the key ${JSON.stringify(key)}; both would be at ${path}`);
    this.key = key;
    this.path = path;
  }
}

/** A loop reached its `max` passes before its condition held. */
export class MaxStepsError extends TuttiError {
  override readonly name = 'MaxStepsError';
  readonly code = 'MAX_STEPS';
  readonly max: number;

  constructor(max: number) {
    super(`the loop was not done after ${max} passes`);
    this.max = max;
  }
}

/** What should have undone completed steps failed: `failures` are all of them, `cause` is why they had to be undone. */
export class CompensationFailedError extends TuttiError {
  override readonly name = 'CompensationFailedError';
  readonly code = 'COMPENSATION_FAILED';
  readonly failures: readonly { readonly path: string; readonly error: unknown }[];

  constructor(failures: CompensationFailedError['failures'], cause: unknown) {
    super(`${failures.map(({ path, error }) => `${path} was not undone: ${textOf(error)}`).join('; ')}`, {
      cause,
    });
    this.failures = failures;
  }
}

/** A value that the strict codec cannot write down; `at` is the place inside it, as in `$.user.onClick`. */
export class NonSerializableOutputError extends TuttiError {
  override readonly name = 'NonSerializableOutputError';
  readonly code = 'NON_SERIALIZABLE_OUTPUT';
  readonly at: string;

  constructor(at: string, what: string) {
    super(`${at} is ${what}, which cannot be written down`);
    this.at = at;
  }
}

/** JSON that the strict codec cannot have written. */
export class WireFormatError extends TuttiError {
  override readonly name = 'WireFormatError';
  readonly code = 'WIRE_FORMAT';
}

/** An amount in words, without what binary adds to sums of decimal fractions. */
function dollars(usd: number): string {
  return `$${Number(usd.toPrecision(12))}`;
}

/** What was thrown, if it is an error; else an error that has it for its cause. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new StepFailedError(textOf(thrown), { cause: thrown });
}

/** Words for anything, without ever throwing. */
export function textOf(thing: unknown): string {
  try {
    if (typeof thing === 'object' && thing !== null && 'message' in thing) return String(thing.message);
    return String(thing);
  } catch {
    return typeof thing === 'object' ? 'an object that has no text' : `a ${typeof thing} that has no text`;
  }
}

function summarize(issues: Issues): string {
  return issues.map((issue) => `${issue.message}${pathOf(issue)}`).join('; ');
}

function pathOf(issue: StandardSchemaV1.Issue): string {
  const keys = issue.path?.map((part) => String(typeof part === 'object' ? part.key : part)) ?? [];
  return keys.length === 0 ? '' : ` (at ${keys.join('.')})`;
}
