export type { Carry } from './durable-run.ts';
export { KeptRunHandle } from './handle.ts';
export {
  type KeptRunOptions,
  Orchestra,
  type OrchestraOptions,
} from './orchestra.ts';
export {
  JournalMismatchError,
  RunStateError,
  StaleApprovalError,
  UnknownCheckpointError,
  UnknownStepError,
  UnknownWorkflowError,
} from './orchestra-errors.ts';
export {
  type BranchResult,
  OrchestraResult,
  type RunMetrics,
  type TraceEntry,
} from './orchestra-result.ts';
export type { RunTrouble } from './runner.ts';
export type { Reopen } from './workflows.ts';
