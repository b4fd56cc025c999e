import { asStep } from '../../src/core/as-step.ts';
import type { Step } from '../../src/core/step-types.ts';
import { TransformNode } from '../../src/core/transform-node.ts';

/**
 * Changes the value on its way, at once and silently, as RxJS' `map` does.
 *
 * transform(f)   --(value A)--   =>   --(value f(A))--
 *
 * Errors: what `change` throws. Events: none; work that should be seen is a step.
 *
 * @param change makes the output of the input
 */
export function transform<I, O>(change: (input: I) => O): Step<I, O> {
  return asStep(new TransformNode(change, 'transform'), 'transform');
}
