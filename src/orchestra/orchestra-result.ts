import { encode, type Json } from '../core/codec.ts';
import type { ErrorRecord } from '../core/error-record.ts';
import type { RunEvent } from '../core/events.ts';
import {
  pendingStatus,
  type RunStatus,
  reduceStatus,
  type StepState,
  type StepStatus,
} from '../core/status.ts';
import { textOfResponse } from './response-text.ts';

/** One outermost step of a run, with all that ran inside it: what may run beside others. */
export interface BranchResult {
  /** The path of the step. */
  readonly branchId: string;
  readonly status: StepState;
  /** How many steps ran in it, itself included. */
  readonly stepCount: number;
  readonly durationMs: number;
  readonly error?: ErrorRecord;
}

/** What a run used and took, in US dollars, milliseconds and counts. */
export interface RunMetrics {
  readonly costUsd: number;
  readonly durationMs: number;
  readonly steps: number;
  readonly failedSteps: number;
  readonly attempts: number;
  /** How often a cost was told, as most calls of services do once. */
  readonly apiCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
}

/** One line of what happened: when, where and what. */
export interface TraceEntry {
  readonly seq: number;
  readonly at: number;
  readonly type: RunEvent['type'];
  readonly path: string;
  readonly step: string;
  readonly attempt: number;
}

/**
 * A run as a whole, as its events tell of it: how it ended, its branches, what it used. Made of a run that is under way, it says how
 * far that has come.
 *
 * Source: the MARSYS page's result, under the names of this library.
 */
export class OrchestraResult<O = unknown> {
  readonly runId: string;
  readonly sessionId: string | undefined;
  /** The run completed. */
  readonly success: boolean;
  readonly state: RunStatus['state'];
  /** The output; of a run that waits for follow-up questions, the latest answer. */
  readonly finalResponse: O | undefined;
  readonly branchResults: readonly BranchResult[];
  readonly totalSteps: number;
  readonly totalDurationMs: number;
  readonly error: ErrorRecord | undefined;
  readonly checkpointIds: readonly string[];
  /** What the run was started with, for whoever files the result. */
  readonly metadata: { readonly workflow: string; readonly version: string; readonly input: unknown };
  readonly #events: readonly RunEvent[];
  readonly #status: RunStatus;

  /** @param events all of one run, from its first */
  constructor(events: readonly RunEvent[], sessionId?: string) {
    const status = events.reduce(reduceStatus, pendingStatus);
    const first = events.find((event) => event.type === 'run.started');
    this.#events = events;
    this.#status = status;
    this.runId = status.runId;
    this.sessionId = sessionId;
    this.state = status.state;
    this.success = status.state === 'completed';
    this.finalResponse = responseOf(events) as O | undefined;
    this.branchResults = branchesOf(status.steps);
    this.totalSteps = status.steps.length;
    this.totalDurationMs = status.durationMs;
    this.error = status.error;
    this.checkpointIds = events.flatMap((event) =>
      event.type === 'checkpoint.saved' ? [event.checkpointId] : [],
    );
    this.metadata = { workflow: status.workflow, version: first?.version ?? '', input: first?.input };
  }

  /** The branch with an id; nothing for an unknown one. */
  branch(branchId: string): BranchResult | undefined {
    return this.branchResults.find((branch) => branch.branchId === branchId);
  }

  get successfulBranches(): readonly BranchResult[] {
    return this.branchResults.filter(({ status }) => status === 'completed');
  }

  get failedBranches(): readonly BranchResult[] {
    return this.branchResults.filter(({ status }) => status === 'failed');
  }

  /**
   * The final response in words: a text as it is, nothing as `''`, a record with `title`, `summary`, `sections` or `conclusion` as
   * Markdown, anything else as indented JSON.
   */
  get text(): string {
    return textOfResponse(this.finalResponse);
  }

  /** Whether a step with this id was begun. */
  wasInvoked(stepId: string): boolean {
    return this.invocationCount(stepId) > 0;
  }

  /** How often a step with this id was begun, its further attempts included. */
  invocationCount(stepId: string): number {
    return this.#events.filter(({ type, step }) => type === 'step.started' && step === stepId).length;
  }

  /** What happened, in order, without what it was about. */
  get trace(): readonly TraceEntry[] {
    return this.#events.map(({ seq, at, type, path, step, attempt }) => ({
      seq,
      at,
      type,
      path,
      step,
      attempt,
    }));
  }

  get metrics(): RunMetrics {
    const { costUsd, durationMs, steps } = this.#status;
    const costs = this.#events.filter((event) => event.type === 'step.cost');
    const sum = (count: (cost: (typeof costs)[number]) => number | undefined): number =>
      costs.reduce((total, cost) => total + (count(cost) ?? 0), 0);
    const inputTokens = sum((cost) => cost.inputTokens);
    const outputTokens = sum((cost) => cost.outputTokens);
    return {
      ...{ costUsd, durationMs, steps: steps.length, apiCalls: costs.length, inputTokens, outputTokens },
      failedSteps: steps.filter(({ state }) => state === 'failed').length,
      attempts: steps.reduce((total, { attempts }) => total + attempts, 0),
      totalTokens: inputTokens + outputTokens,
    };
  }

  /**
   * All of it as plain JSON, values written down by the strict codec. `JSON.stringify` uses it.
   *
   * Errors: `NonSerializableOutputError`.
   */
  toJSON(): Json {
    const { runId, sessionId, success, state, finalResponse, branchResults, totalSteps } = this;
    const { totalDurationMs, error, checkpointIds, metadata, metrics } = this;
    const facts = { runId, sessionId, success, state, finalResponse, branchResults, totalSteps };
    const all = { ...facts, totalDurationMs, error, checkpointIds, metadata, metrics };
    return encode(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));
  }
}

/** The run's output, or the answer after which it waits for a further question. */
function responseOf(events: readonly RunEvent[]): unknown {
  const end = events.at(-1);
  if (end?.type === 'run.completed') return end.output;
  const waiting = events.findLastIndex(
    (event) => event.type === 'step.waiting' && event.wait.kind === 'followUp',
  );
  const answered = events.slice(0, Math.max(waiting, 0)).findLast((event) => event.type === 'step.completed');
  return answered?.type === 'step.completed' ? answered.output : undefined;
}

/** Steps that are in no other step. */
function branchesOf(steps: readonly StepStatus[]): BranchResult[] {
  const outermost: StepStatus[] = [];
  const counts = new Map<string, number>();
  for (const step of steps) {
    const around = outermost.find(({ path }) => step.path.startsWith(`${path}/`));
    if (around === undefined) outermost.push(step);
    const branchId = (around ?? step).path;
    counts.set(branchId, (counts.get(branchId) ?? 0) + 1);
  }
  return outermost.map(({ path, state, durationMs, error }) => ({
    branchId: path,
    status: state,
    stepCount: counts.get(path) ?? 1,
    durationMs,
    ...(error !== undefined && { error }),
  }));
}
