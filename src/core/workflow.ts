import { asStep, nodeOf } from './as-step.ts';
import { BudgetNode } from './budget-node.ts';
import type { Edge, Schema } from './edge.ts';
import { type Budget, checkBudget } from './ledger.ts';
import { checkId } from './path.ts';
import { rooted } from './rooted.ts';
import { StepNode } from './step-node.ts';
import type { Step } from './step-types.ts';

/** A root step with a name and a version; itself a step, wherever one can be. */
export type Workflow<I, O, P = never> = Step<I, O, P> & { readonly version: string };

/** What a workflow is beside its root step. Schemas, where given, are checked at its edges. */
export interface WorkflowOptions<I, V, R, O> {
  /** Its name, and its id where it is used as a step. */
  readonly name: string;
  /** Default `'1'`. Another version may have another structure. */
  readonly version?: string;
  readonly input?: Schema<I, V>;
  readonly output?: Schema<R, O>;
  /** How much one run may cost: at `alertAt` of it the run says `budget.alert`, beyond it the run fails. */
  readonly budget?: Budget;
}

/**
 * Gives a step a name, a version and limits of its own, to be run as a whole.
 *
 * Errors: `DefinitionError` for a name with the marks of a path in it, or for a budget that is no amount.
 *
 * Events: `run.*` when it is run; `step.*`, as of any step, when it is part of another.
 *
 * @param options name, version, schemas and budget
 * @param root what it does
 */
export function workflow<V, R, I = V, O = R>(
  options: WorkflowOptions<I, V, R, O>,
  root: Step<V, R, unknown>,
): Workflow<I, O> {
  const { name, version = '1', input, output, budget } = options;
  checkId(name, 'a workflow');
  const edge: Edge = { ...(input && { input }), ...(output && { output: output as Schema }) };
  const inside = rooted(nodeOf(root, `workflow ${name}: the root`));
  const limited =
    budget === undefined ? inside : new BudgetNode(name, checkBudget(budget, `workflow ${name}`), inside);
  return Object.assign(asStep<I, O>(new StepNode(name, edge, limited, version)), { version });
}
