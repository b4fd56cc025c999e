import { Observable } from 'rxjs';
import { nodeOf } from './as-step.ts';
import { AttemptNode } from './attempt.ts';
import { BudgetNode } from './budget-node.ts';
import { admit, type Edge, Pending } from './edge.ts';
import type { RunEvent } from './events.ts';
import type { Signal } from './mailbox.ts';
import { PolicyNode } from './policy-frame.ts';
import { rooted } from './rooted.ts';
import { type PreparedRun, RunFrame, type RunPlan } from './run-frame.ts';
import { type Keeping, Scope, type ScopeOptions } from './scope.ts';
import { StepNode } from './step-node.ts';
import type { AnyStep, Step } from './step-types.ts';
import type { EventSink } from './writer.ts';

/** How a run is to be made. */
export interface RunOptions extends ScopeOptions {
  /** Aborting it cancels the run gracefully; its reason is the run's. */
  readonly signal?: AbortSignal;
  /** What is sent to the run, for steps such as `waitFor`. Its failure is the run's; its completion means nothing. */
  readonly signals$?: Observable<Signal>;
}

/**
 * A run that starts when it is subscribed, anew for each subscriber, and tells everything that happens in it, in order.
 *
 * run(translate, { text: 'Bonjour' })   (R>)--(started)--(partial)--(completed)(R|)
 *
 * Errors: `InputValidationError` is thrown here, before anything runs. A failure later is data: `run.failed`, then the
 * stream completes; {@link outputOf} turns it back into a throw. An asynchronous schema's refusal is such a failure.
 *
 * Events: `run.started` first, one of `run.completed`, `run.failed` and `run.cancelled` last.
 *
 * Unsubscribing stops everything at once, silently; for a graceful end abort `options.signal`.
 *
 * @param step a workflow, or any step
 * @param input what it takes
 * @param options id, session, context, signal, clock and chance of the run
 */
export function run<I, O, P>(
  step: Step<I, O, P>,
  input: NoInfer<I>,
  options: RunOptions = {},
): Observable<RunEvent<O>> {
  const begin = prepare(step, input, options);
  return new Observable((subscriber) => {
    // Whatever comes out at the end is what the step's type says: nothing else can end a run well.
    const frame = begin(subscriber as EventSink<RunEvent>);
    subscriber.add(frame);
    frame.begun();
  });
}

/** Checks the input, and gives a function that makes one run of it, not yet begun. */
export function prepare(
  step: AnyStep,
  input: unknown,
  options: RunOptions,
  keeping?: Keeping,
): (sink: EventSink<RunEvent>) => PreparedRun {
  const { plan, edge } = planOf(step);
  const admitted = edge === undefined ? input : admit(edge, input, step.id);
  if (admitted instanceof Pending) admitted.promise.catch(ignore);
  return (sink) => new RunFrame(plan, new Scope(options, sink, keeping), admitted, options);
}

/** What is run, and by what its input is checked before anything runs: by nothing, if an adapter or a policy comes first. */
interface Planned {
  readonly plan: RunPlan;
  readonly edge: Edge | undefined;
}

const planned = new WeakMap<AnyStep, Planned>();

function planOf(step: AnyStep): Planned {
  let known = planned.get(step);
  if (known === undefined) {
    known = makePlan(step);
    planned.set(step, known);
  }
  return known;
}

function makePlan(step: AnyStep): Planned {
  const node = nodeOf(step, 'run: the first argument');
  const { id } = step;
  const version = (node instanceof StepNode ? node.version : undefined) ?? '';
  if (!(node instanceof StepNode) || node.edge.using !== undefined)
    return { plan: plan(id, version, new AttemptNode(id, {}, rooted(node))), edge: undefined };
  const { edge, inside } = node;
  const { output, map } = edge;
  if (isBareWorkflow(node))
    return { plan: plan(id, version, new AttemptNode(id, { output, map }, inside)), edge };
  const root = rooted(new StepNode(id, { output, map }, inside));
  return { plan: plan(id, version, new AttemptNode(id, {}, root)), edge };
}

/** A workflow without policies has the run for its lifecycle. */
function isBareWorkflow({ version, inside }: StepNode): boolean {
  const core = inside instanceof BudgetNode ? inside.inside : inside;
  return version !== undefined && !(core instanceof PolicyNode);
}

function plan(workflow: string, version: string, root: AttemptNode): RunPlan {
  return { workflow, version, root };
}

const ignore = (): void => {};
