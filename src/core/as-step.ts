import { AttemptNode } from './attempt.ts';
import { BudgetNode } from './budget-node.ts';
import { describe } from './describe.ts';
import { edgeMapping, edgeUsing } from './edge.ts';
import { DefinitionError } from './errors.ts';
import type { Node } from './frame.ts';
import { through } from './pipe.ts';
import { SequenceNode } from './sequence-node.ts';
import { StepNode } from './step-node.ts';
import type { AnyStep, Step } from './step-types.ts';
import { TransformNode } from './transform-node.ts';

const nodes = new WeakMap<object, Node>();

/** What every step inherits, beside what functions have. */
const methods = Object.create(Function.prototype, {
  using: {
    value(this: AnyStep, adapt: (input: never) => unknown): AnyStep {
      const node = nodeOf(this);
      return node instanceof StepNode
        ? asStep(new StepNode(node.id, edgeUsing(node.edge, adapt), node.inside, node.version))
        : asStep(new SequenceNode([new TransformNode(adapt, 'using'), node]));
    },
  },
  map: {
    value(this: AnyStep, adapt: (output: never) => unknown): AnyStep {
      const node = nodeOf(this);
      return node instanceof StepNode
        ? asStep(new StepNode(node.id, edgeMapping(node.edge, adapt), node.inside, node.version))
        : asStep(new SequenceNode([node, new TransformNode(adapt, 'map')]));
    },
  },
  with: {
    value(this: AnyStep, ...policies: readonly ((step: AnyStep) => AnyStep)[]): AnyStep {
      return policies.reduce((step, policy, i) => applied(policy, step, `${this.id}: policy ${i + 1}`), this);
    },
  },
});

/** Makes the operator that users hold of a piece of structure. */
export function asStep<I, O, P = never>(node: Node, id: string = node.name): Step<I, O, P> {
  const operator = (source: Parameters<AnyStep>[0]) => through(source, node);
  Object.setPrototypeOf(operator, methods);
  Object.defineProperties(operator, {
    id: { value: id, enumerable: true },
    name: { value: id, configurable: true },
  });
  nodes.set(operator, node);
  return operator as unknown as Step<I, O, P>;
}

/**
 * The structure behind a step.
 *
 * @param place where the step was given, such as `parallel: branch "a"`; errors begin with it
 */
export function nodeOf(step: unknown, place?: string): Node {
  const node = typeof step === 'function' ? nodes.get(step) : undefined;
  if (node !== undefined) return node;
  const hint = typeof step === 'function' ? '; step(id, run) makes a step of a function' : '';
  const problem =
    place === undefined ? `${describe(step)} is not a step` : `${place} is not a step, but ${describe(step)}`;
  throw new DefinitionError(`${problem}${hint}`);
}

/** The structures behind steps that are given in order, counted from 1 in errors. */
export function nodesOf(steps: readonly unknown[], place: string): Node[] {
  return steps.map((step, i) => nodeOf(step, `${place} ${i + 1}`));
}

/** Tells steps from all else. */
export function isStep(value: unknown): value is AnyStep {
  return typeof value === 'function' && nodes.has(value);
}

/**
 * Wraps what a step does, inside its lifecycle. A composite without a name gets its kind for one: what a policy
 * tells of must have a start and an end.
 */
export function wrap<I, O, P>(step: Step<I, O, P>, policy: (inside: Node) => Node): Step<I, O, P> {
  const node = nodeOf(step);
  if (!(node instanceof StepNode)) return asStep(new StepNode(step.id, {}, policy(node)));
  const { id, edge, inside, version } = node;
  const limit = version !== undefined && inside instanceof BudgetNode ? inside : undefined;
  const core = limit?.inside ?? inside;
  const bare = 'frame' in core && Object.keys(edge).length === 0;
  const wrapped = policy(bare ? core : new AttemptNode(id, edge, core));
  // What a workflow may cost is for all that its policies do.
  return asStep(new StepNode(id, {}, limit === undefined ? wrapped : limit.around(wrapped), version));
}

function applied(policy: (step: AnyStep) => AnyStep, step: AnyStep, place: string): AnyStep {
  if (typeof policy !== 'function')
    throw new DefinitionError(`${place} is not a policy, but ${describe(policy)}`);
  return policy(step);
}
