import type { Step } from '../../core/step-types.ts';
import type { Skills } from '../load/load-skills.ts';
import type { OpenedWorkflow } from '../load/open-workflow.ts';
import type { WorkflowSource } from '../load/workflow-source.ts';
import type { RunCommandOptions } from '../run/run-options.ts';
import { carryOn } from './carry-on.ts';
import { withKept } from './kept.ts';
import { keptDefinition } from './kept-definition.ts';
import { openStore } from './open-store.ts';

/** What is to be run, and what it was made of. */
export interface ToRun {
  readonly source: WorkflowSource;
  readonly skills: Skills;
  readonly opened: OpenedWorkflow;
  readonly step: Step<unknown, unknown>;
  readonly input: unknown;
}

/** Runs a workflow, and keeps the run. One that is there under its idempotency key is gone on with, or shown. */
export async function runKept(place: string, toRun: ToRun, options: RunCommandOptions): Promise<number> {
  const { source, skills, opened, step, input } = toRun;
  const { runId, idempotencyKey, session: sessionId } = options;
  return withKept(openStore(place), {}, async (kept) => {
    const handle = await kept.orchestra.start(step, input, {
      ...(runId !== undefined && { runId }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
      ...(sessionId !== undefined && { sessionId }),
      definition: keptDefinition(source, skills, options),
    });
    // It may have been there, and nobody may run it.
    await kept.orchestra.take(handle.runId);
    return carryOn(kept, handle.runId, opened, { ...options, store: place, leavesWaiting: false, from: 0 });
  });
}
