import { asStep, nodeOf } from '../../src/core/as-step.ts';
import type { Step } from '../../src/core/step-types.ts';
import { AlternativesNode } from './alternatives.ts';

/**
 * Runs one step or the other, by a condition on the input.
 *
 * branch(isLong, summarize, echo)   --(short text)--   =>   --(echo started)--(echo completed)--
 *
 * Without `otherwise`, an input for which the condition does not hold passes through.
 *
 * Errors: those of the step taken, and what `when` throws.
 *
 * Events: those of the step taken; without `otherwise`, `step.skipped` of the step or composite not taken. Paths: `/branch/<id>`.
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
