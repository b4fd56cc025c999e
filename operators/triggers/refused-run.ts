import { nodeOf } from '../../src/core/as-step.ts';
import { toErrorRecord } from '../../src/core/error-record.ts';
import type { RunEvent } from '../../src/core/events.ts';
import type { RunOptions } from '../../src/core/run.ts';
import { Scope } from '../../src/core/scope.ts';
import { StepNode } from '../../src/core/step-node.ts';
import type { AnyStep } from '../../src/core/step-types.ts';
import type { EventSink } from '../../src/core/writer.ts';

/** Tells of a run that could not be made, in the two events of one whose schema refuses the input after a while. */
export function tellRefused(
  step: AnyStep,
  input: unknown,
  options: RunOptions,
  error: unknown,
  sink: EventSink<RunEvent>,
): void {
  const node = nodeOf(step);
  const version = node instanceof StepNode ? (node.version ?? '') : '';
  const scope = new Scope(options, sink);
  scope.tell('', step.id, 1, { type: 'run.started', workflow: step.id, version, input });
  const failure = { type: 'run.failed', error: toErrorRecord(error), durationMs: 0, costUsd: 0 } as const;
  scope.writer.finish(scope.event('', step.id, 1, failure));
}
