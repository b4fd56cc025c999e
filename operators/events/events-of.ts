import { filter, type OperatorFunction } from 'rxjs';
import { nodeOf } from '../../src/core/as-step.ts';
import type { RunEvent, StepCompleted, StepEvent, StepPartial } from '../../src/core/events.ts';
import type { Step } from '../../src/core/step-types.ts';

/** What can happen to a step with output `O` and partials `P`. */
export type EventsOf<O, P> =
  | Exclude<StepEvent, { type: 'step.completed' | 'step.partial' }>
  | StepCompleted<O>
  | StepPartial<P>;

/**
 * What happens to one step.
 *
 * events$       (R>, a>)--(a partial)--(a completed, b>)--(b completed, R|)|
 * eventsOf(b)   -----------------------(b>)---------------(b completed)----|
 *
 * Errors: those of the stream.
 *
 * Events: takes those of one run or of many.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { eventsOf, sequence } from 'tutti/operators';
 *
 * const draft = step('draft', (topic: string) => `about ${topic}`);
 * const polish = step('polish', (text: string) => `${text}.`);
 * run(sequence(draft, polish), 'music')
 *   .pipe(eventsOf(polish))
 *   .subscribe(({ type }) => console.log(type)); // step.started, step.completed
 * ```
 *
 * @param step matched by its id, wherever it is in the run
 */
export function eventsOf<O, P>(step: Step<never, O, P>): OperatorFunction<RunEvent, EventsOf<O, P>> {
  nodeOf(step, 'eventsOf: the argument');
  return (events$) =>
    events$.pipe(
      filter((event): event is EventsOf<O, P> => event.step === step.id && !event.type.startsWith('run.')),
    );
}
