import { asStep } from '../../src/core/as-step.ts';
import type { Step } from '../../src/core/step-types.ts';
import { TransformNode } from '../../src/core/transform-node.ts';

/**
 * Changes the value on its way, at once and silently, as RxJS' `map` does.
 *
 * a                            --(value A)|
 * sequence(a, transform(f))    --(value F)|
 *
 * Errors: what `change` throws.
 *
 * Events: none; work that should be seen is a step.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { sequence, transform } from 'tutti/operators';
 *
 * const words = step('words', (text: string) => text.split(' '));
 * const size = transform((items: readonly string[]) => items.length);
 * console.log(await outputOf(run(sequence(words, size), 'all together now'))); // 3
 * ```
 *
 * @param change makes the output of the input
 */
export function transform<I, O>(change: (input: I) => O): Step<I, O> {
  return asStep(new TransformNode(change, 'transform'), 'transform');
}
