import { filter, map, type OperatorFunction } from 'rxjs';
import { nodeOf } from '../../src/core/as-step.ts';
import type { RunEvent, StepPartial } from '../../src/core/events.ts';
import type { Step } from '../../src/core/step-types.ts';

/**
 * What a step streams, as it comes.
 *
 * events$           (R>)(started)(partial a)(partial b)(completed)|
 * partials(step)    -------------(a)--------(b)-------------------|
 *
 * A retry streams anew; to show a text, there is {@link text}, which takes back what a retry retracts.
 *
 * Errors: those of the stream.
 *
 * Events: takes those of one run or of many.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { partials } from 'tutti/operators';
 *
 * const write = step('write', async function* (topic: string) {
 *   yield* ['All ', 'about ', topic];
 * });
 * run(write, 'music')
 *   .pipe(partials(write))
 *   .subscribe((chunk) => console.log(chunk.trim())); // All, about, music
 * ```
 *
 * @param step matched by its id, wherever it is in the run
 */
export function partials<P>(step: Step<never, unknown, P>): OperatorFunction<RunEvent, P> {
  nodeOf(step, 'partials: the argument');
  return (events$) =>
    events$.pipe(
      filter((event): event is StepPartial<P> => event.type === 'step.partial' && event.step === step.id),
      map((event) => event.chunk),
    );
}
