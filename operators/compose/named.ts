import { asStep, nodeOf } from '../../src/core/as-step.ts';
import { checkId } from '../../src/core/path.ts';
import { rooted } from '../../src/core/rooted.ts';
import { StepNode } from '../../src/core/step-node.ts';
import type { Step } from '../../src/core/step-types.ts';

/**
 * Makes a composite a step of its own, with its steps between its start and its end.
 *
 * a   --(value A)|
 * b   ---(value B)|
 * named('analysis', parallel({ a, b }))
 *     (analysis started, a started, b started)--(a completed)-(b completed, analysis completed)|
 *
 * Errors: those inside; `DefinitionError` for an id with the marks of a path in it.
 *
 * Events: `step.started`, then those inside, then its end. Paths: `/analysis`, `/analysis/a`.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { named, ofType, parallel } from 'tutti/operators';
 *
 * const length = step('length', (text: string) => text.length);
 * const upper = step('upper', (text: string) => text.toUpperCase());
 * run(named('analysis', parallel({ length, upper })), 'tutti')
 *   .pipe(ofType('step.completed'))
 *   .subscribe(({ path }) => console.log(path)); // /analysis/length, /analysis/upper, /analysis
 * ```
 *
 * @param id what events and paths call it
 * @param step what it holds
 */
export function named<I, O>(id: string, step: Step<I, O, unknown>): Step<I, O> {
  return asStep(new StepNode(checkId(id, 'a step'), {}, rooted(nodeOf(step, `named ${id}: what is inside`))));
}
