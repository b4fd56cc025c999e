export type { StepContext } from './core/context.ts';
export type { Duration } from './core/duration.ts';
export type { Schema } from './core/edge.ts';
export { type Emission, isStepEvent, isValue, type Value } from './core/emission.ts';
export { type ErrorRecord, originalError, toErrorRecord } from './core/error-record.ts';
export {
  ApprovalRejectedError,
  BudgetExceededError,
  BulkheadFullError,
  CircuitOpenError,
  CompensationFailedError,
  DefinitionError,
  DuplicateKeyError,
  HttpStatusError,
  InputValidationError,
  MaxStepsError,
  NonSerializableOutputError,
  OutputValidationError,
  RateLimitError,
  RunCancelledError,
  StepFailedError,
  StepInterruptedError,
  StepTimeoutError,
  TuttiError,
  WireFormatError,
} from './core/errors.ts';
export type * from './core/events.ts';
export type { Budget } from './core/ledger.ts';
export type { Decision, Signal } from './core/mailbox.ts';
export { outputOf } from './core/output-of.ts';
export { keysOf } from './core/path.ts';
export type { Problem } from './core/problem.ts';
export { type RunOptions, run } from './core/run.ts';
export { type RunHandle, type RunResult, start } from './core/start.ts';
export {
  pendingStatus,
  type RunState,
  type RunStatus,
  reduceStatus,
  type StepState,
  type StepStatus,
} from './core/status.ts';
export { type StepOptions, step } from './core/step.ts';
export type { AnyStep, InputOf, OutputOf, PartialOf, Policy, Step } from './core/step-types.ts';
export { type Workflow, type WorkflowOptions, workflow } from './core/workflow.ts';
