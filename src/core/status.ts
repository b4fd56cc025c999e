import type { ErrorRecord } from './error-record.ts';
import type { OutputSource, RunEvent, Wait } from './events.ts';
import { Standing } from './standing.ts';

/** How a run stands. That all of it waits, or that it is parked, is known of kept runs only. */
export type RunState =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'paused'
  | 'parked'
  | 'completed'
  | 'failed'
  | 'cancelled';

/** How a step stands. */
export type StepState = 'running' | 'retrying' | 'waiting' | 'completed' | 'failed' | 'cancelled' | 'skipped';

/** One step of a run. */
export interface StepStatus {
  readonly path: string;
  readonly id: string;
  readonly state: StepState;
  readonly attempts: number;
  /** Milliseconds on the run's clock. */
  readonly startedAt: number;
  /** Milliseconds from its first start to its end, or to the last that was heard of it. */
  readonly durationMs: number;
  /** What it and everything inside it cost; known at its end, before it what it itself reported. */
  readonly costUsd: number;
  readonly source?: OutputSource;
  readonly error?: ErrorRecord;
  /** What it waits for, and since when (milliseconds on the run's clock), while its state is `waiting`. */
  readonly wait?: Wait & { readonly since: number };
}

/** One link of what happened to steps; the newest first. */
interface Link {
  readonly event: RunEvent;
  readonly before: Link | undefined;
  snapshot?: Snapshot | undefined;
  standing?: Standing | undefined;
}

/**
 * How a run stands after an event: a value that never changes. The lists of steps are put together when first read, so
 * that following a run of any length costs the same per event.
 */
export class RunStatus {
  readonly runId: string;
  readonly workflow: string;
  readonly state: RunState;
  readonly costUsd: number;
  readonly startedAt: number;
  /** Milliseconds from the run's start to its end, or to its latest event. */
  readonly durationMs: number;
  /** The number of the latest event; -1 before the first. */
  readonly seq: number;
  readonly error: ErrorRecord | undefined;
  /** Why it is paused, parked or cancelled. */
  readonly reason: string | undefined;
  readonly #history: Link | undefined;
  #steps: readonly StepStatus[] | undefined;
  #reading: Reading | undefined;

  /** @internal */
  constructor(facts: Facts, history: Link | undefined) {
    this.runId = facts.runId;
    this.workflow = facts.workflow;
    this.state = facts.state;
    this.costUsd = facts.costUsd;
    this.startedAt = facts.startedAt;
    this.durationMs = facts.durationMs;
    this.seq = facts.seq;
    this.error = facts.error;
    this.reason = facts.reason;
    this.#history = history;
  }

  /** Every step that has started or was skipped, in that order. */
  get steps(): readonly StepStatus[] {
    this.#steps ??= this.#replayed();
    return this.#steps;
  }

  /** The path of the step that started last, in whatever attempt, among those that have not ended. */
  get currentStep(): string | undefined {
    return this.#read().currentStep;
  }

  /** The paths of the steps that completed. */
  get completedSteps(): readonly string[] {
    return this.#read().completedSteps;
  }

  #read(): Reading {
    this.#reading ??= readingAt(this.#history, ended.has(this.state));
    return this.#reading;
  }

  #replayed(): readonly StepStatus[] {
    const steps = this.#history === undefined ? [] : replay(this.#history);
    return ended.has(this.state) ? cancelOpen(steps) : steps;
  }

  /** Everything of it as plain data. */
  toJSON(): object {
    const { runId, workflow, state, seq, startedAt, durationMs, costUsd, error, reason } = this;
    const { currentStep, completedSteps, steps } = this;
    return {
      runId,
      workflow,
      state,
      seq,
      startedAt,
      durationMs,
      costUsd,
      currentStep,
      completedSteps,
      steps,
      error,
      reason,
    };
  }

  /** The same with a state that events do not tell of, and the reason for it. */
  as(state: RunState, reason: string | undefined): RunStatus {
    return new RunStatus({ ...this, state, reason }, this.#history);
  }

  /** The status after one more event. */
  after(event: RunEvent): RunStatus {
    const { runId, workflow, state, costUsd, startedAt, error, reason } = this;
    const seq = event.seq;
    const durationMs = event.at - startedAt;
    const now = { runId, workflow, state, costUsd, startedAt, durationMs, seq, error, reason };
    switch (event.type) {
      case 'run.started': {
        const began = { runId: event.runId, workflow: event.workflow, startedAt: event.at, durationMs: 0 };
        return new RunStatus({ ...now, ...began, state: 'running' }, undefined);
      }
      case 'run.paused':
        return new RunStatus({ ...now, state: 'paused', reason: event.reason }, this.#history);
      case 'run.resumed':
        return new RunStatus({ ...now, state: 'running', reason: undefined }, this.#history);
      case 'run.completed':
        return new RunStatus({ ...now, state: 'completed', costUsd: event.costUsd }, this.#history);
      case 'run.failed':
        return new RunStatus(
          { ...now, state: 'failed', costUsd: event.costUsd, error: event.error },
          this.#history,
        );
      case 'run.cancelled':
        return new RunStatus(
          { ...now, state: 'cancelled', costUsd: event.costUsd, reason: event.reason },
          this.#history,
        );
      case 'step.cost':
        return new RunStatus({ ...now, costUsd: costUsd + event.usd }, { event, before: this.#history });
      case 'step.started':
      case 'step.retrying':
      case 'step.waiting':
      case 'step.resumed':
      case 'step.skipped':
      case 'step.completed':
      case 'step.failed':
      case 'step.cancelled':
        return new RunStatus(now, { event, before: this.#history });
      default:
        return new RunStatus(now, this.#history);
    }
  }
}

type Facts = Pick<
  RunStatus,
  'runId' | 'workflow' | 'state' | 'costUsd' | 'startedAt' | 'durationMs' | 'seq' | 'error' | 'reason'
>;

const open: ReadonlySet<StepState> = new Set(['running', 'retrying', 'waiting']);

const ended: ReadonlySet<RunState> = new Set(['completed', 'failed', 'cancelled']);

/** How a run stands before its first event. */
export const pendingStatus = new RunStatus(
  {
    runId: '',
    workflow: '',
    state: 'pending',
    costUsd: 0,
    startedAt: 0,
    durationMs: 0,
    seq: -1,
    error: undefined,
    reason: undefined,
  },
  undefined,
);

/** How a run stands after one more event; a pure function, made for `scan(reduceStatus, pendingStatus)`. */
export function reduceStatus(status: RunStatus, event: RunEvent): RunStatus {
  return status.after(event);
}

/** What is read of how the steps stand. */
interface Reading {
  readonly currentStep: string | undefined;
  readonly completedSteps: readonly string[];
}

/** How the steps stand after the newest link: the nearest standing before it moves on to here, so reading is kept. */
function readingAt(newest: Link | undefined, over: boolean): Reading {
  if (newest === undefined) return { currentStep: undefined, completedSteps: [] };
  const links: Link[] = [];
  let link: Link | undefined = newest;
  while (link !== undefined && link.standing === undefined) {
    links.push(link);
    link = link.before;
  }
  const standing = link?.standing ?? new Standing();
  if (link !== undefined) link.standing = undefined;
  for (const { event } of links.reverse()) standing.after(event);
  newest.standing = standing;
  const { currentStep, completedSteps } = standing;
  return { currentStep: over ? undefined : currentStep, completedSteps };
}

/** The steps as they stood at some link, and where each path is among them. */
interface Snapshot {
  readonly steps: readonly StepStatus[];
  /** Only ever added to: shared with the snapshots that follow. */
  readonly positions: Map<string, number>;
}

/** The steps after the newest link, made from the nearest snapshot before it, which moves on to here. */
function replay(newest: Link): readonly StepStatus[] {
  const links: Link[] = [];
  let link: Link | undefined = newest;
  while (link !== undefined && link.snapshot === undefined) {
    links.push(link);
    link = link.before;
  }
  const steps = link?.snapshot?.steps.slice() ?? [];
  let positions = link?.snapshot?.positions ?? new Map<string, number>();
  if (link !== undefined) link.snapshot = undefined;
  // Another status may have gone on from the same one: then its places are not ours.
  if (positions.size !== steps.length)
    positions = new Map(steps.map(({ path }, position) => [path, position]));
  for (const { event } of links.reverse()) {
    const position = positions.get(event.path) ?? steps.length;
    positions.set(event.path, position);
    steps[position] = stepAfter(steps[position] ?? fresh(event), event);
  }
  newest.snapshot = { steps, positions };
  return steps;
}

function stepAfter(before: StepStatus, event: RunEvent): StepStatus {
  const durationMs = open.has(before.state) ? event.at - before.startedAt : before.durationMs;
  // What an attempt failed with is of no more interest once another has gone well.
  const { error, wait, ...rest } = before;
  const kept = error === undefined || event.type === 'step.completed' ? rest : { ...rest, error };
  const waits = wait === undefined || event.type !== 'step.cost' ? kept : { ...kept, wait };
  return { ...waits, durationMs, ...changes(event, before) };
}

/** Between two attempts a step has nothing to cancel, so nothing tells that it will not be tried again. */
function cancelOpen(steps: readonly StepStatus[]): readonly StepStatus[] {
  return steps.map((step) => {
    if (!open.has(step.state)) return step;
    const { wait, ...rest } = step;
    return { ...rest, state: 'cancelled' };
  });
}

function fresh({ path, step: id, at: startedAt }: RunEvent): StepStatus {
  return { path, id, state: 'running', attempts: 0, startedAt, durationMs: 0, costUsd: 0 };
}

function changes(event: RunEvent, before: StepStatus): Partial<StepStatus> {
  switch (event.type) {
    case 'step.started':
      return { state: 'running', attempts: event.attempt };
    case 'step.retrying':
      return { state: 'retrying', error: event.error };
    case 'step.waiting':
      return { state: 'waiting', wait: { ...event.wait, since: event.at } };
    case 'step.resumed':
      return { state: 'running' };
    case 'step.skipped':
      return { state: 'skipped' };
    case 'step.completed':
      return {
        state: 'completed',
        durationMs: event.durationMs,
        costUsd: event.costUsd,
        source: event.source,
      };
    case 'step.failed':
      return { state: 'failed', error: event.error };
    case 'step.cancelled':
      return { state: 'cancelled' };
    case 'step.cost':
      return { costUsd: before.costUsd + event.usd };
    default:
      return {};
  }
}
