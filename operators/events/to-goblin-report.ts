import type { RunReport, StepReport } from './to-report.ts';

/** A report as the Goblin page writes it; durations are in seconds, costs in US dollars. */
export interface GoblinReport {
  readonly workflow_id: string;
  readonly steps: readonly {
    readonly task: string;
    readonly provider?: string;
    readonly duration: number;
    readonly cost: number;
    readonly status: 'success' | 'failed' | 'cancelled' | 'skipped';
  }[];
  readonly total_cost: number;
  readonly total_duration: number;
}

/**
 * Writes a report as the Goblin page does.
 *
 * report                   --({ totalDurationMs: 1500 })|
 * toGoblinReport(report)   --({ total_duration: 1.5 })|
 *
 * `provider` is provider and model, as in `openai.gpt-4`; `completed` is `success`; milliseconds become seconds.
 *
 * Errors: none.
 *
 * Events: none; it takes a report.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { toGoblinReport, toReport } from 'tutti/operators';
 *
 * const draft = step('draft', (topic: string) => `about ${topic}`);
 * run(draft, 'music')
 *   .pipe(toReport())
 *   .subscribe((report) => console.log(toGoblinReport(report).steps[0]?.status)); // success
 * ```
 *
 * @param report of `toReport`
 */
export function toGoblinReport(report: RunReport): GoblinReport {
  return {
    workflow_id: report.workflowId,
    steps: report.steps.map((step) => ({
      task: step.task,
      ...providerOf(step),
      duration: step.durationMs / 1000,
      cost: step.costUsd,
      status: step.status === 'completed' ? 'success' : step.status,
    })),
    total_cost: report.totalCostUsd,
    total_duration: report.totalDurationMs / 1000,
  };
}

function providerOf({ provider, model }: StepReport): { provider?: string } {
  const names = [provider, model].filter((name) => name !== undefined);
  return names.length === 0 ? {} : { provider: names.join('.') };
}
