import { wrap } from '../../src/core/as-step.ts';
import { BudgetNode } from '../../src/core/budget-node.ts';
import { checkFunction, checkOptions } from '../../src/core/check-given.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import { checkBudget } from '../../src/core/ledger.ts';
import type { Step } from '../../src/core/step-types.ts';

export interface BudgetOptions<I = unknown> {
  /** How much all that is inside may cost together, in US dollars; default no limit of its own. */
  readonly usd?: number;
  /** The fraction of it, from 0 to 1, at which to be told; default 0.8. */
  readonly alertAt?: number;
  /**
   * What the step is expected to cost, in US dollars, or how that follows from its input: if less is left, here or in a budget
   * around, it does not begin.
   */
  readonly estimateUsd?: number | ((input: I) => number);
}

/**
 * Limits what a step, a group or a workflow may cost: what passes the limit stops everything inside at once.
 *
 * a                                           --($6)--($6)--------(value A)|
 * named('n', a).with(budget({ usd: 10 }))     (a started)--(cost)--(alert, exceeded, a cancelled)#
 *
 * All costs count: of failed attempts, fallbacks, hedges and cancelled branches. In nested budgets, each counts what
 * is inside it. An estimate is set aside in every budget around while the step runs, so that steps side by side do not
 * all count on the same money. `with(budget({ usd }), retry())` gives each attempt as much, `with(retry(), budget({
 * usd }))` all of them together.
 *
 * Errors: `BudgetExceededError`, which is also the reason of the aborted signals; with `estimateUsd` among its facts
 * where the step was refused and its body never called, so that `fallback(cheaper)` can take over. `retry` does not
 * retry it. `DefinitionError` for invalid amounts.
 *
 * Events: `budget.alert` once, when `alertAt` of it is spent; `budget.exceeded` once, before all inside is cancelled.
 *
 * Unsubscribing ends the step, and gives back what was set aside.
 *
 * ```ts
 * import { start, step } from 'tutti';
 * import { budget, sequence } from 'tutti/operators';
 *
 * const ask = step('ask', (question: string, { cost }) => {
 *   cost({ usd: 0.6 });
 *   return question;
 * });
 * const twice = sequence(ask, ask).with(budget({ usd: 1 }));
 * const result = await start(twice, 'Why?').result();
 * console.log(result.state === 'failed' && result.error.code); // BUDGET_EXCEEDED
 * ```
 *
 * Source of the default: the MachPay page.
 *
 * @param options `usd`, `alertAt`, `estimateUsd`
 */
export function budget<FI = unknown>(
  options: BudgetOptions<FI>,
): <I extends FI, O, P>(step: Step<I, O, P>) => Step<I, O, P> {
  checkOptions<BudgetOptions<FI>>('budget', options, {
    usd: 'number',
    alertAt: 'number',
    estimateUsd: 'any',
  });
  const { usd, alertAt, estimateUsd } = options;
  if (usd === undefined && estimateUsd === undefined)
    throw new DefinitionError('budget: usd or estimateUsd is needed');
  const limit = { usd: usd ?? Number.POSITIVE_INFINITY, ...(alertAt !== undefined && { alertAt }) };
  checkBudget(limit, 'budget');
  if (typeof estimateUsd === 'number' && !(estimateUsd >= 0))
    throw new DefinitionError(`budget: an estimate of ${estimateUsd} is not an amount of dollars`);
  const estimate = typeof estimateUsd === 'number' ? () => estimateUsd : estimateUsd;
  if (estimate !== undefined) checkFunction('budget: estimateUsd', estimate);
  return (step) => wrap(step, (inside) => new BudgetNode(step.id, limit, inside, estimate));
}
