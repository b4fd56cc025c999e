import type { Frame, Node } from '../../src/core/frame.ts';
import type { Piece } from '../../src/core/piece.ts';
import type { GraphPart, GraphPlan } from './graph-plan.ts';
import { skipped } from './skipped.ts';
import { WindowFrame } from './window-frame.ts';

/** Runs steps as soon as all that they come after has ended. */
export class GraphNode implements Node {
  readonly name = 'graph';
  readonly limit: number;
  readonly #makePlan: () => GraphPlan;
  #plan: GraphPlan | undefined;

  constructor(makePlan: () => GraphPlan, limit: number) {
    this.#makePlan = makePlan;
    this.limit = limit;
  }

  /** Who waits for whom; worked out when first asked for, so that growing a graph node by node stays cheap. */
  get plan(): GraphPlan {
    this.#plan ??= this.#makePlan();
    return this.#plan;
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new GraphFrame(this, parent, path, slot);
  }
}

class GraphFrame extends WindowFrame {
  readonly #plan: GraphPlan;
  readonly #outputs: unknown[];
  /** By position: how many of its dependencies have not ended. */
  readonly #missing: number[];
  readonly #ready: number[];
  #next = 0;
  #input: unknown;

  constructor(node: GraphNode, parent: Frame, path: string, slot: number) {
    super(node.limit, parent, path, slot);
    this.#plan = node.plan;
    this.#outputs = new Array(this.#plan.parts.length);
    this.#missing = this.#plan.dependencies.map(({ length }) => length);
    this.#ready = this.#plan.sources.slice();
  }

  begin(input: unknown): void {
    this.#input = input;
    this.pump();
  }

  protected hasNext(): boolean {
    return this.#next < this.#ready.length;
  }

  protected startNext(): boolean {
    const slot = this.#ready[this.#next++] as number;
    const { stepId, node, after, input, when } = this.#plan.parts[slot] as GraphPart;
    const given = this.#given(slot, after);
    const path = this.#plan.places.at(this.path, slot);
    if (when !== undefined && !when(given as never)) {
      this.scope.tell(path, stepId, 1, skipped);
      this.#done(slot, undefined);
      return true;
    }
    const own = input === undefined ? (after.length === 0 ? this.#input : given) : input(given as never);
    return this.startChild(node, own, path, slot);
  }

  override childSucceeded(child: Piece, output: unknown): void {
    this.#done(child.slot, output);
    this.childDone(child);
  }

  protected idle(): void {
    const { sinks, parts } = this.#plan;
    const [only] = sinks;
    if (sinks.length === 1 && only !== undefined) return this.succeed(this.#outputs[only]);
    this.succeed(Object.fromEntries(sinks.map((slot) => [parts[slot]?.id, this.#outputs[slot]])));
  }

  #done(slot: number, output: unknown): void {
    this.#outputs[slot] = output;
    for (const dependent of this.#plan.dependents[slot] ?? []) {
      const missing = (this.#missing[dependent] ?? 0) - 1;
      this.#missing[dependent] = missing;
      if (missing === 0) this.#ready.push(dependent);
    }
  }

  #given(slot: number, after: readonly string[]): Record<string, unknown> {
    const given: Record<string, unknown> = { input: this.#input };
    const dependencies = this.#plan.dependencies[slot] ?? [];
    for (const [i, id] of after.entries()) given[id] = this.#outputs[dependencies[i] as number];
    return given;
  }
}
