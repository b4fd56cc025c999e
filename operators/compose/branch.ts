import { asStep, nodeOf } from '../../src/core/as-step.ts';
import type { Step } from '../../src/core/step-types.ts';
import { AlternativesNode } from './alternatives.ts';

/**
 * Runs one step or the other, by a condition on the input.
 *
 * summarize                         -----(value S)|
 * echo                              --(value E)|
 * branch(isLong, summarize, echo)   (echo started)--(echo completed)|   on a short text
 *
 * Without `otherwise`, an input for which the condition does not hold passes through.
 *
 * Errors: those of the step taken, and what `when` throws.
 *
 * Events: those of the step taken; without `otherwise`, `step.skipped` of the step or composite not taken. Paths: `/branch/<id>`.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { branch } from 'tutti/operators';
 *
 * const summarize = step('summarize', (text: string) => `${text.slice(0, 9)}...`);
 * const short = branch((text: string) => text.length > 12, summarize);
 * console.log(await outputOf(run(short, 'all together now'))); // all toget...
 * console.log(await outputOf(run(short, 'all'))); // all
 * ```
 *
 * @param when the condition
 * @param then what runs when it holds
 * @param otherwise what runs when it does not; default nothing
 */
export function branch<I, A, B = I>(
  when: (input: I) => boolean,
  then: Step<I, A, unknown>,
  otherwise?: Step<I, B, unknown>,
): Step<I, A | NoInfer<B>> {
  const nodes = [nodeOf(then, 'branch: then')];
  if (otherwise !== undefined) nodes.push(nodeOf(otherwise, 'branch: otherwise'));
  const no = otherwise === undefined ? undefined : 1;
  return asStep(new AlternativesNode('branch', nodes, (input) => (when(input as I) ? 0 : no)));
}
