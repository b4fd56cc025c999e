import { asStep, nodeOf } from '../../src/core/as-step.ts';
import { checkId } from '../../src/core/path.ts';
import { StepNode } from '../../src/core/step-node.ts';
import type { Step } from '../../src/core/step-types.ts';

/**
 * The same step under another name, such as the one it has in a file. A composite without a name becomes a step, as by
 * `named`.
 *
 * a   --(value A)|
 * renamed('analyze', a)
 *     (analyze started)--(analyze completed)|
 *
 * Errors: those inside; `DefinitionError` for an id with the marks of a path in it.
 *
 * Events: the step's own, under the new name. Paths: `/analyze`.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { ofType, renamed } from 'tutti/operators';
 *
 * const length = step('length', (text: string) => text.length);
 * run(renamed('size', length), 'tutti')
 *   .pipe(ofType('step.completed'))
 *   .subscribe(({ path, output }) => console.log(path, output)); // /size 5
 * ```
 *
 * @param id what events and paths call it
 * @param step what it is
 */
export function renamed<I, O, P>(id: string, step: Step<I, O, P>): Step<I, O, P> {
  checkId(id, 'a step');
  const node = nodeOf(step, `renamed ${id}`);
  return node instanceof StepNode
    ? asStep(new StepNode(id, node.edge, node.inside, node.version))
    : asStep(new StepNode(id, {}, node));
}
