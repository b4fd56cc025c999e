import { filter, map, type OperatorFunction } from 'rxjs';
import { nodeOf } from '../../src/core/as-step.ts';
import type { RunEvent, StepCompleted } from '../../src/core/events.ts';
import type { Step } from '../../src/core/step-types.ts';

/**
 * What a step gives, each time it completes.
 *
 * events$          (started)--(completed A)--(started)--(completed B)|
 * outputs(step)    -----------(A)-----------------------(B)----------|
 *
 * Errors: those of the stream.
 *
 * Events: takes those of one run or of many.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { loop, outputs } from 'tutti/operators';
 *
 * const halve = step('halve', (n: number) => n / 2);
 * run(loop(halve, { max: 3 }), 8)
 *   .pipe(outputs(halve))
 *   .subscribe((n) => console.log(n)); // 4, 2, 1
 * ```
 *
 * @param step matched by its id, wherever it is in the run
 */
export function outputs<O>(step: Step<never, O, unknown>): OperatorFunction<RunEvent, O> {
  nodeOf(step, 'outputs: the argument');
  return (events$) =>
    events$.pipe(
      filter((event): event is StepCompleted<O> => event.type === 'step.completed' && event.step === step.id),
      map((event) => event.output),
    );
}
