import { Observable } from 'rxjs';
import { nodeOf } from './as-step.ts';
import { AttemptNode } from './attempt.ts';
import { BudgetNode } from './budget-node.ts';
import { admit, Pending } from './edge.ts';
import type { RunEvent } from './events.ts';
import { throwAll } from './pipe.ts';
import { PolicyNode } from './policy-frame.ts';
import { rooted } from './rooted.ts';
import { RunFrame, type RunPlan } from './run-frame.ts';
import { Scope, type ScopeOptions } from './scope.ts';
import { StepNode } from './step-frame.ts';
import type { AnyStep, Step } from './step-types.ts';

/** How a run is to be made. */
export interface RunOptions extends ScopeOptions {
  /** Aborting it cancels the run gracefully; its reason is the run's. */
  readonly signal?: AbortSignal;
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
    const frame = begin(
      (event) => subscriber.next(event as RunEvent<O>),
      () => subscriber.complete(),
    );
    subscriber.add(() => throwAll(frame.abandon()));
    frame.begun();
  });
}

/** Checks the input, and gives a function that makes one run of it, not yet begun. */
export function prepare(
  step: AnyStep,
  input: unknown,
  options: RunOptions,
): (deliver: (event: RunEvent) => void, completed: () => void) => PreparedRun {
  const { plan, admitted } = planOf(step, input);
  if (admitted instanceof Pending) admitted.promise.catch(ignore);
  return (deliver, completed) => {
    const scope = new Scope(options, deliver);
    const frame = new RunFrame(plan, scope, input, options.signal, completed);
    return {
      begun: () => frame.start(admitted),
      abandon: () => frame.abandon(),
      cancel: (reason) => frame.cancelRun(reason),
      runId: scope.runId,
    };
  };
}

/** One run, as those see it who hold it. */
export interface PreparedRun {
  readonly runId: string;
  begun(): void;
  abandon(): unknown[];
  cancel(reason: string): void;
}

/**
 * What is run, and the input as it wants it: that is checked here, before anything runs, unless
 * an adapter or a policy comes first.
 */
function planOf(step: AnyStep, input: unknown): { plan: RunPlan; admitted: unknown } {
  const node = nodeOf(step);
  const { id } = step;
  const version = (node instanceof StepNode ? node.version : undefined) ?? '';
  if (!(node instanceof StepNode) || node.edge.using !== undefined)
    return { plan: plan(id, version, new AttemptNode(id, {}, rooted(node))), admitted: input };
  const { edge, inside } = node;
  const { output, map } = edge;
  const admitted = admit(edge, input, id);
  if (isBareWorkflow(node))
    return { plan: plan(id, version, new AttemptNode(id, { output, map }, inside)), admitted };
  const root = rooted(new StepNode(id, { output, map }, inside));
  return { plan: plan(id, version, new AttemptNode(id, {}, root)), admitted };
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
