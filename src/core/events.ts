import type { ErrorRecord } from './error-record.ts';

/**
 * What every event says beside its own facts.
 *
 * `seq` counts from 0 without gaps within a run and is the only cursor; `at` is in milliseconds of the run's clock;
 * `path` is the step's structural place (`''` for the run itself); `step` is the step's id (the workflow's name for
 * events of the run); `attempt` counts from 1.
 */
export interface Envelope {
  readonly seq: number;
  readonly runId: string;
  readonly path: string;
  readonly step: string;
  readonly attempt: number;
  readonly at: number;
}

/** How a completed step came by its output. */
export type OutputSource = 'live' | 'cache' | 'fallback' | 'journal';

/** What a step waits for. `dueAt` is in milliseconds of the run's clock; `schema` is a JSON Schema of the answer. */
export interface Wait {
  readonly kind: 'event' | 'approval' | 'timer' | 'followUp';
  readonly name: string;
  readonly dueAt?: number;
  readonly schema?: unknown;
}

/** What a call cost: US dollars, and what it was spent on. */
export interface Cost {
  readonly usd: number;
  readonly provider?: string;
  readonly model?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cachedInputTokens?: number;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface RunStarted extends Envelope {
  readonly type: 'run.started';
  readonly workflow: string;
  readonly version: string;
  readonly input: unknown;
}
export interface RunPaused extends Envelope {
  readonly type: 'run.paused';
  readonly reason: string;
}
export interface RunResumed extends Envelope {
  readonly type: 'run.resumed';
  readonly cause: string;
}
export interface RunCompleted<O = unknown> extends Envelope {
  readonly type: 'run.completed';
  readonly output: O;
  readonly durationMs: number;
  readonly costUsd: number;
}
export interface RunFailed extends Envelope {
  readonly type: 'run.failed';
  readonly error: ErrorRecord;
  readonly durationMs: number;
  readonly costUsd: number;
}
export interface RunCancelled extends Envelope {
  readonly type: 'run.cancelled';
  readonly reason: string;
  readonly durationMs: number;
  readonly costUsd: number;
}
export interface StepStarted extends Envelope {
  readonly type: 'step.started';
  readonly input: unknown;
}
export interface StepProgress extends Envelope {
  readonly type: 'step.progress';
  /** From 0 to 1. */
  readonly fraction: number;
  readonly message?: string;
}
export interface StepPartial<P = unknown> extends Envelope {
  readonly type: 'step.partial';
  /** Counts from 0 within the attempt. */
  readonly index: number;
  readonly chunk: P;
}
export interface StepCost extends Envelope, Cost {
  readonly type: 'step.cost';
  /** Reported after the step had ended; it counts all the same. */
  readonly late?: true;
}
export interface StepLog extends Envelope {
  readonly type: 'step.log';
  readonly level: LogLevel;
  readonly message: string;
  /** What went wrong, where a policy tells of that. */
  readonly error?: ErrorRecord;
}
export interface Custom extends Envelope {
  readonly type: 'custom';
  readonly name: string;
  readonly data: unknown;
}
/** Ends the attempt and retracts its partials; `step.started` with the next attempt follows after `delayMs`. */
export interface StepRetrying extends Envelope {
  readonly type: 'step.retrying';
  readonly error: ErrorRecord;
  readonly delayMs: number;
  readonly nextAttempt: number;
}
export interface StepFallback extends Envelope {
  readonly type: 'step.fallback';
  readonly error: ErrorRecord;
  /** The id of the step that takes over. */
  readonly to: string;
}
export interface StepWaiting extends Envelope {
  readonly type: 'step.waiting';
  readonly wait: Wait;
}
export interface StepResumed extends Envelope {
  readonly type: 'step.resumed';
  readonly cause: string;
}
export interface StepSkipped extends Envelope {
  readonly type: 'step.skipped';
  readonly reason: string;
}
export interface StepCompleted<O = unknown> extends Envelope {
  readonly type: 'step.completed';
  readonly output: O;
  /** From the first attempt's start. */
  readonly durationMs: number;
  /** Of all attempts and of everything inside the step. */
  readonly costUsd: number;
  readonly source: OutputSource;
}
export interface StepFailed extends Envelope {
  readonly type: 'step.failed';
  readonly error: ErrorRecord;
}
export interface StepCancelled extends Envelope {
  readonly type: 'step.cancelled';
  readonly reason: string;
}
export interface StepCompensated extends Envelope {
  readonly type: 'step.compensated';
  /** The path of the step whose effects were undone. */
  readonly of: string;
}
export interface BudgetAlert extends Envelope {
  readonly type: 'budget.alert';
  readonly spentUsd: number;
  readonly limitUsd: number;
}
export interface BudgetExceeded extends Envelope {
  readonly type: 'budget.exceeded';
  readonly spentUsd: number;
  readonly limitUsd: number;
}
export interface CircuitOpened extends Envelope {
  readonly type: 'circuit.opened';
  readonly name: string;
}
export interface CircuitClosed extends Envelope {
  readonly type: 'circuit.closed';
  readonly name: string;
}
export interface ToolCalled extends Envelope {
  readonly type: 'tool.called';
  readonly toolCallId: string;
  readonly tool: string;
  readonly input: unknown;
}
export interface ToolCompleted extends Envelope {
  readonly type: 'tool.completed';
  readonly toolCallId: string;
  readonly tool: string;
  readonly output: unknown;
}
export interface AgentHandoff extends Envelope {
  readonly type: 'agent.handoff';
  readonly from: string;
  readonly to: string;
}
export interface CheckpointSaved extends Envelope {
  readonly type: 'checkpoint.saved';
  readonly checkpointId: string;
  readonly name?: string;
}

/** The one event after which a run says nothing more. */
export type RunEnded<O = unknown> = RunCompleted<O> | RunFailed | RunCancelled;

/** Everything that can happen to a step; what travels through a bare RxJS `pipe` of steps, beside values. */
export type StepEvent =
  | StepStarted
  | StepProgress
  | StepPartial
  | StepCost
  | StepLog
  | Custom
  | StepRetrying
  | StepFallback
  | StepWaiting
  | StepResumed
  | StepSkipped
  | StepCompleted
  | StepFailed
  | StepCancelled
  | StepCompensated
  | BudgetAlert
  | BudgetExceeded
  | CircuitOpened
  | CircuitClosed
  | ToolCalled
  | ToolCompleted
  | AgentHandoff;

/** Everything that comes out of a run with output `O`, told apart by `type`. */
export type RunEvent<O = unknown> =
  | RunStarted
  | RunPaused
  | RunResumed
  | RunEnded<O>
  | CheckpointSaved
  | StepEvent;
