import { asStep, nodeOf } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import type { AnyStep, Step } from '../../src/core/step-types.ts';
import { GraphNode } from './graph-node.ts';
import { GraphParts } from './graph-parts.ts';
import { checkPart, type GraphPart, type GraphPlan, planGraph } from './graph-plan.ts';
import { type ConcurrencyOptions, limitOf } from './options.ts';

/** What a node's `input` and `when` are called with: the graph's input, and the outputs it comes after, by id. */
export type Given<I, Nodes, After extends keyof Nodes> = { readonly input: I } & Pick<Nodes, After>;

/** What a node takes without `input`: the graph's input, or, after others, what it is given. */
export type DefaultInput<I, Nodes, After extends keyof Nodes> = [After] extends [never]
  ? I
  : Given<I, Nodes, After>;

export interface NodeOptions<I, Nodes, After extends keyof Nodes, In> {
  /** The ids of the nodes that must have ended before. */
  readonly after?: readonly After[];
  /** Makes its input. Default: the graph's input, or, after others, a record of it and their outputs. */
  readonly input?: (given: Given<I, Nodes, NoInfer<After>>) => In;
  /** Whether it runs; if not, it is skipped, and its output is `undefined`. */
  readonly when?: (given: Given<I, Nodes, NoInfer<After>>) => boolean;
  /** Nothing of the graph runs beside it: it waits for what runs, and what comes after it in turn waits for it. */
  readonly alone?: boolean;
}

/** How much of a graph runs at once, and what a failure in it means. */
export interface GraphOptions extends ConcurrencyOptions {
  /**
   * `'fail-fast'` (default) cancels what runs; `'finish'` lets all that does not come after the failure end, and fails then.
   */
  readonly failure?: 'fail-fast' | 'finish';
}

/** The output of the only sink, or a record of the sinks. */
export type GraphOutput<Nodes, Sinks extends keyof Nodes> =
  IsOne<Sinks> extends true ? Nodes[Sinks] : Pick<Nodes, Sinks>;

type IsOne<U, Each = U> = [U] extends [never]
  ? false
  : U extends unknown
    ? [Each] extends [U]
      ? true
      : false
    : never;

/** Options that may be left out where the default input fits the step, and must hold `input` where it does not. */
type Required<I, Nodes, After extends keyof Nodes, In, Options> =
  DefaultInput<I, Nodes, After> extends In
    ? [options?: Options]
    : [options: Options & { readonly input: (given: Given<I, Nodes, NoInfer<After>>) => In }];

/** A step made of steps that wait for each other. `Nodes` are the outputs by id, `Sinks` the ids nobody waits for. */
export type Graph<I, Nodes, Sinks extends keyof Nodes> = Step<I, GraphOutput<Nodes, Sinks>> &
  GrowingGraph<I, Nodes, Sinks>;

/** What lets a graph grow. */
export interface GrowingGraph<I, Nodes, Sinks extends keyof Nodes> {
  /**
   * The same graph with one more node.
   *
   * Errors: `DefinitionError` for an id that is taken, or is `input`, and for an unknown one in `after`.
   */
  node<const Id extends string, In, Out, const After extends keyof Nodes & string = never>(
    id: Id,
    step: Step<In, Out, unknown>,
    ...options: Required<I, Nodes, After, In, NodeOptions<I, Nodes, After, In> & { readonly when?: never }>
  ): Graph<I, Nodes & Readonly<Record<Id, Out>>, Exclude<Sinks, After> | Id>;
  /** One that may be skipped: then its output is `undefined`. */
  node<const Id extends string, In, Out, const After extends keyof Nodes & string = never>(
    id: Id,
    step: Step<In, Out, unknown>,
    ...options: Required<I, Nodes, After, In, NodeOptions<I, Nodes, After, In>>
  ): Graph<I, Nodes & Readonly<Record<Id, Out | undefined>>, Exclude<Sinks, After> | Id>;
}

/**
 * Runs steps as a directed acyclic graph: each as soon as all that it comes after has ended, without layers.
 *
 * a   --(value A)|
 * b   --------(value B)|
 * c   ---(value C)|
 * graph().node('a', a).node('b', b).node('c', c, { after: ['a'] })
 *     (a started, b started)--(a completed, c started)---(c completed)---({ b: B, c: C })|
 *
 * The output is that of the only node that nobody comes after, or a record of those.
 *
 * Errors: the first failure, after what else runs was cancelled, or with `failure: 'finish'` after what can still run has
 * ended. At assembly `DefinitionError` for an id that is taken, an unknown one in `after`, a circle.
 *
 * Events: those of its steps; `step.skipped` where `when` does not hold, and for what comes after a failure. Paths:
 * `/graph/<id>`.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { graph } from 'tutti/operators';
 *
 * const words = step('words', (text: string) => text.split(' ').length);
 * const letters = step('letters', (text: string) => text.length);
 * const measured = graph<string>()
 *   .node('words', words)
 *   .node('letters', letters)
 *   .node('average', step('average', ({ w, l }: { w: number; l: number }) => l / w), {
 *     after: ['words', 'letters'],
 *     input: (given) => ({ w: given.words, l: given.letters }),
 *   });
 * console.log(await outputOf(run(measured, 'all together now'))); // 5.333333333333333
 * ```
 *
 * @param options `concurrency`, a whole number from 1, default no limit; `failure`
 */
export function graph<I>(options: GraphOptions = {}): Graph<I, unknown, never> {
  // The types of a graph are its own bookkeeping: they grow with each node, the parts behind them are one list.
  return growing(new GraphParts(), options) as unknown as Graph<I, unknown, never>;
}

/** A node of a graph that is not written in code but read from data. */
export interface GraphEntry {
  readonly step: AnyStep;
  readonly after?: readonly string[];
  readonly input?: (given: Readonly<Record<string, unknown>>) => unknown;
  readonly when?: (given: Readonly<Record<string, unknown>>) => boolean;
  readonly alone?: boolean;
}

/**
 * Makes a graph of data, such as a file: nodes by id, in any order.
 *
 * a   --(value A)|
 * b   ---(value B)|
 * graphOf({ b: { step: b, after: ['a'] }, a: { step: a } })
 *     (a started)--(a completed, b started)---(value B)|
 *
 * It runs as a {@link graph} does; its types are left open.
 *
 * Errors: `DefinitionError` for an unknown id in `after`, and for a circle, which it prints; at run time those of a
 * graph.
 *
 * Events: those of its steps, as in a graph.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { graphOf } from 'tutti/operators';
 *
 * const words = step('words', (text: string) => text.split(' ').length);
 * const report = step('report', ({ words }: { words: number }) => `${words} words`);
 * const nodes = { report: { step: report, after: ['words'] }, words: { step: words } };
 * console.log(await outputOf(run(graphOf(nodes), 'all together now'))); // 3 words
 * ```
 *
 * @param nodes the steps by id, with what they come after
 * @param options `concurrency`, a whole number from 1, default no limit
 */
export function graphOf(
  nodes: Readonly<Record<string, GraphEntry>>,
  options: GraphOptions = {},
): Step<unknown, unknown> {
  const ids = new Set(Object.keys(nodes));
  const parts = Object.entries(nodes).map(([id, entry]) => partOf(id, entry.step, entry));
  for (const part of parts) checkPart(part, ids);
  const plan = planGraph(parts);
  return asStep(nodeFor(() => plan, options));
}

/** A graph of these parts, that can be given one more. */
function growing(parts: GraphParts, options: GraphOptions): Step<unknown, unknown> {
  const add = (id: string, step: AnyStep, more: Partial<GraphPart> = {}): Step<unknown, unknown> =>
    growing(parts.with(partOf(id, step, more)), options);
  const node = nodeFor(() => planGraph(parts.list), options);
  return Object.defineProperty(asStep<unknown, unknown>(node), 'node', { value: add });
}

function nodeFor(makePlan: () => GraphPlan, options: GraphOptions): GraphNode {
  checkOptions<GraphOptions>('graph', options, { failure: 'string', concurrency: 'number' });
  return new GraphNode(makePlan, limitOf(options, 'graph'), options.failure === 'finish');
}

function partOf(id: string, step: AnyStep, options: Partial<GraphPart>): GraphPart {
  const { after = [], input, when, alone = false } = options;
  const node = nodeOf(step, `graph: node ${JSON.stringify(id)}`);
  return { id, stepId: step.id, node, after: [...new Set(after)], input, when, alone };
}
