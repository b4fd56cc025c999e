export type {
  Batch,
  Checkpoint,
  ClosedWait,
  ConsumedSignal,
  Journal,
  JournalEntry,
  JournalFact,
  JournalPlace,
  NewSignal,
  OpenedWait,
  ResumeExtra,
  Seed,
  StepResult,
  StoredCheckpoint,
  StoredSignal,
  StoredWait,
} from './batch.ts';
export {
  IdempotencyConflictError,
  LeaseLostError,
  RunEndedError,
  RunExistsError,
  StoreConflictError,
  StoreCorruptError,
  StoreError,
  type StoreErrorReason,
  UnknownRunError,
  ValueTooLargeError,
} from './errors.ts';
export { type MemoryStore, memoryStore } from './memory/memory-store.ts';
export type { StoreOptions } from './pack.ts';
export type {
  Awaitable,
  ClaimableRun,
  CreatedRun,
  EventRange,
  Retention,
  RunFilter,
  RunPage,
  RunStore,
  StoredSession,
} from './run-store.ts';
export {
  endedStates,
  type ForkOrigin,
  isEnded,
  type Lease,
  type LeaseRequest,
  type NewRun,
  type RunPatch,
  type StoredRun,
  type StoredRunState,
} from './stored-run.ts';
