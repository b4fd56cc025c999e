import { defer, filter, map, type OperatorFunction } from 'rxjs';
import { nodeOf } from '../../src/core/as-step.ts';
import type { RunEvent } from '../../src/core/events.ts';
import { isEnd } from '../../src/core/output-of.ts';
import type { Step } from '../../src/core/step-types.ts';
import { Answers, type Provenance } from './answers.ts';

/**
 * Who answered for a step, in how many attempts, and what was wrong at first: a record each time the step completes or
 * fails.
 *
 * events$             (a>)--(a retrying)--(a>)--(a fallback to b)--(b completed, a completed)|
 * provenance(a)       ---------------------------------------------(b, 3 attempts, first error)|
 *
 * Attempts of fallbacks and hedges are part of the answer of the step that they stand in for. Steps inside a composite
 * are not: the composite answers for itself. A step that is cancelled has no record.
 *
 * It keeps a few facts of each step that is under way, and nothing of those that have ended.
 *
 * Errors: those of the stream.
 *
 * Events: takes those of one run or of many.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { fallback, provenance } from 'tutti/operators';
 *
 * const ask = step('ask', (question: string): string => {
 *   throw new RangeError(`no idea: ${question}`);
 * });
 * const shrug = step('shrug', () => 'nobody knows');
 * const robust = ask.with(fallback(shrug));
 * run(robust, 'Why?')
 *   .pipe(provenance(robust))
 *   .subscribe((answer) => {
 *     if (answer.state === 'completed') console.log(answer.answeredBy, answer.attempts); // shrug 2
 *     console.log(answer.originalError?.message); // no idea: Why?
 *   });
 * ```
 *
 * Source: the Arshai page, pattern 7, whose results name the agent, the attempts and the original error.
 *
 * @param step matched by its id, wherever it is in the run
 */
export function provenance<O>(step: Step<never, O, unknown>): OperatorFunction<RunEvent, Provenance<O>> {
  nodeOf(step, 'provenance: the argument');
  return (events$) =>
    defer(() => {
      const runs = new Map<string, Answers>();
      return events$.pipe(
        map((event) => {
          const answers = runs.get(event.runId) ?? new Answers();
          const told = answers.after(event);
          if (isEnd(event) || answers.open === 0) runs.delete(event.runId);
          else runs.set(event.runId, answers);
          return event.step === step.id ? told : undefined;
        }),
        filter((told): told is Provenance<O> => told !== undefined),
      );
    });
}
