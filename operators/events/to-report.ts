import { defer, filter, map, type OperatorFunction } from 'rxjs';
import type { RunEnded, RunEvent, StepCost } from '../../src/core/events.ts';
import { isEnd } from '../../src/core/output-of.ts';
import { pendingStatus, type RunStatus, reduceStatus, type StepStatus } from '../../src/core/status.ts';

/** One step of a {@link RunReport}. */
export interface StepReport {
  /** The id of the step. */
  readonly task: string;
  readonly path: string;
  /** Who did it, by the latest cost that names a provider; the same for the model. */
  readonly provider?: string;
  readonly model?: string;
  /** From its first start to its end, with all attempts. */
  readonly durationMs: number;
  /** What it spent itself, in all attempts; what steps inside it spent is theirs. */
  readonly costUsd: number;
  readonly status: 'completed' | 'failed' | 'cancelled' | 'skipped';
}

/** What a run did, how long that took and what it cost. */
export interface RunReport {
  /** The id of the run. */
  readonly workflowId: string;
  /** The name of the workflow. */
  readonly workflow: string;
  readonly status: 'completed' | 'failed' | 'cancelled';
  /** Every step that started or was skipped, in that order. */
  readonly steps: readonly StepReport[];
  readonly totalCostUsd: number;
  readonly totalDurationMs: number;
}

/**
 * The report of a run, when it has ended.
 *
 * events$       (R>)--(a started)--(a cost)--(a completed)--(R|)
 * toReport()    -------------------------------------------(report|)
 *
 * The costs of the steps add up to the total, unless results were kept from another run. A run that is cut off has no
 * report.
 *
 * Errors: those of the stream.
 *
 * Events: takes those of one run or of many, and reports on each.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { sequence, toReport } from 'tutti/operators';
 *
 * const draft = step('draft', (topic: string) => `about ${topic}`);
 * const polish = step('polish', (text: string) => `${text}.`);
 * run(sequence(draft, polish), 'music')
 *   .pipe(toReport())
 *   .subscribe(({ status, steps }) => console.log(`${status}: ${steps.length} steps`)); // completed: 2 steps
 * ```
 *
 * Source: the report of the Goblin page; {@link toGoblinReport} writes it as it is there.
 */
export function toReport(): OperatorFunction<RunEvent, RunReport> {
  return (events$) =>
    defer(() => {
      const runs = new Map<string, RunRecord>();
      return events$.pipe(
        map((event) => {
          const record = runs.get(event.runId) ?? new RunRecord();
          record.add(event);
          if (!isEnd(event)) runs.set(event.runId, record);
          else runs.delete(event.runId);
          return isEnd(event) ? record.report(event) : undefined;
        }),
        filter((report) => report !== undefined),
      );
    });
}

/** What is to be reported of one run. */
class RunRecord {
  #status: RunStatus = pendingStatus;
  readonly #spent = new Map<string, Pick<StepReport, 'costUsd' | 'provider' | 'model'>>();

  add(event: RunEvent): void {
    if (event.type === 'step.cost') this.#spend(event);
    else if (event.type !== 'step.partial') this.#status = reduceStatus(this.#status, event);
  }

  report({ runId, durationMs, costUsd }: RunEnded): RunReport {
    const { workflow, state, steps } = this.#status;
    return {
      workflowId: runId,
      workflow,
      status: state as RunReport['status'],
      steps: steps.map((step) => this.#reportOf(step)),
      totalCostUsd: costUsd,
      totalDurationMs: durationMs,
    };
  }

  #spend({ path, usd, provider, model }: StepCost): void {
    const before = this.#spent.get(path);
    const named = provider === undefined ? {} : { provider };
    const modelled = model === undefined ? {} : { model };
    this.#spent.set(path, { ...before, ...named, ...modelled, costUsd: (before?.costUsd ?? 0) + usd });
  }

  #reportOf({ id: task, path, durationMs, state }: StepStatus): StepReport {
    // Once the run has ended, every step has.
    const status = state as StepReport['status'];
    return { task, path, costUsd: 0, ...this.#spent.get(path), durationMs, status };
  }
}
