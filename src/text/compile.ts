import { sequence } from '../../operators/compose/sequence.ts';
import { transform } from '../../operators/compose/transform.ts';
import { DefinitionError } from '../core/errors.ts';
import type { Budget } from '../core/ledger.ts';
import type { Step } from '../core/step-types.ts';
import { type Workflow, workflow } from '../core/workflow.ts';
import { refusal } from '../problems/refusal.ts';
import { anyFailedStep } from './any-failed.ts';
import { Binder, type TaskDefaults } from './bind.ts';
import { checkTree } from './check-tree.ts';
import { originOf } from './origins.ts';
import { Outcome } from './outcome.ts';
import { parse } from './parse.ts';
import { phaseStep } from './phase.ts';
import { type Plan, plansOf } from './plan.ts';
import { type Provider, ProviderTable } from './provider-table.ts';
import type { TaskResolver } from './task-resolver.ts';
import type { TextWorkflow } from './tree.ts';

/** What a text is compiled with. */
export interface CompileOptions {
  /** Finds who does the tasks. */
  readonly resolver: TaskResolver;
  /** Who `with GPT-4` and `with cheap model` speak of. Without it, no name is known, and tasks are told the tiers as written. */
  readonly providers?: readonly Provider[];
  /** The workflow's name; default `text`. */
  readonly name?: string;
  /** The workflow's version; default `'1'`. */
  readonly version?: string;
  /** How much one run may cost. */
  readonly budget?: Budget;
  readonly defaults?: TextDefaults;
}

/** What holds where the text does not say otherwise. */
export interface TextDefaults extends TaskDefaults {
  /** How many tasks at most run at the same time; default no limit. */
  readonly concurrency?: number;
  /** A failure that no condition asks for cancels the tasks beside it; default `false`: they end first. */
  readonly failFast?: boolean;
}

/**
 * Makes a workflow of a text.
 *
 * compile('a AND b THEN c')   (run started, a started, b started)--(a)---(b, c started)--(c, run completed)|
 *
 * It is made of `sequence`, `parallel`, `branch`, `retry` and `timeout`, and keeps their promises. A task's skill gets a
 * {@link TaskInput}. The output is that of the last phase that ran: the output of its only task, or a record by the tasks' ids.
 *
 * Errors: `DefinitionError` with all problems, each at its place, before anything runs: of the text, and skills, agents and
 * providers that are not found. In a run, a failure that no condition handles: as it is, or several as one `StepFailedError`.
 *
 * Events: those of the tasks; `step.skipped` of a task whose condition does not hold. `step` is the id of the skill that a task
 * names, else the task's id. Paths: `/parallel/<task>` in the first phase, `/parallel~2/<task>` in the second; a task with a
 * condition is one level lower, at `/parallel~2/<task>/<step>`.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { compile, skillTable, type TaskInput } from 'tutti/text';
 *
 * const assistant = step('assistant', ({ prompt }: TaskInput) => `done: ${prompt}`);
 * const workflow = compile('Write a function THEN test it', { resolver: skillTable({ defaultSkill: assistant }) });
 * const output = await outputOf(run(workflow, 'fibonacci'));
 * ```
 *
 * @param text a text, or what {@link parse} made of one
 * @param options `resolver`, `providers`, `name`, `version`, `budget`, `defaults`
 */
export function compile(text: string | TextWorkflow, options: CompileOptions): Workflow<unknown, unknown> {
  const { resolver, name = 'text', version, budget, defaults = {} } = options;
  if (typeof resolver?.skill !== 'function') throw new DefinitionError('compile: resolver does not resolve');
  const providers = new ProviderTable(options.providers);
  const tree = typeof text === 'string' ? parse(text, { providers: providers.names() }) : text;
  checkTree(tree);
  const binder = new Binder(resolver, providers, defaults);
  const plans = plansOf(tree, binder);
  if (binder.problems.length > 0) throw refused(tree, binder);
  const root = sequence(
    transform(Outcome.initial),
    inOrder(plans.flatMap((plan) => stepsOf(plan, defaults))),
    transform((last: Outcome) => last.finish()),
  );
  return workflow({ name, ...(version !== undefined && { version }), ...(budget && { budget }) }, root);
}

function stepsOf({ members, handlers, tested }: Plan, defaults: TextDefaults): Step<Outcome, Outcome>[] {
  const { concurrency, failFast = false } = defaults;
  const options = {
    failFast: failFast && !tested && handlers.length === 0,
    ...(concurrency !== undefined && { concurrency }),
  };
  const phase = phaseStep(members, options);
  return handlers.length === 0 ? [phase] : [phase, anyFailedStep(handlers, options)];
}

/** A sequence of any number of steps: a call takes only so many arguments. */
function inOrder(steps: readonly Step<Outcome, Outcome>[]): Step<Outcome, Outcome> {
  const most = 1_000;
  if (steps.length <= most) return sequence(...steps);
  return sequence(inOrder(steps.slice(0, -most)), sequence(...steps.slice(-most)));
}

function refused(tree: TextWorkflow, { problems }: Binder): DefinitionError {
  const [first] = tree.phases;
  const group = first?.type === 'conditional' ? first.group : first;
  const task = group?.tasks[0];
  return refusal('workflow text', problems, task && originOf(task)?.source);
}
