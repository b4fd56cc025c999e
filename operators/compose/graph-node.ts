import type { Frame, Node } from '../../src/core/frame.ts';
import type { Piece } from '../../src/core/piece.ts';
import type { GraphPart, GraphPlan } from './graph-plan.ts';
import { skipped } from './skipped.ts';
import { WindowFrame } from './window-frame.ts';

/** Runs steps as soon as all that they come after has ended. */
export class GraphNode implements Node {
  readonly name = 'graph';
  readonly limit: number;
  /** Whether what does not depend on a failure still runs. */
  readonly finish: boolean;
  readonly #makePlan: () => GraphPlan;
  #plan: GraphPlan | undefined;

  constructor(makePlan: () => GraphPlan, limit: number, finish: boolean) {
    this.#makePlan = makePlan;
    this.limit = limit;
    this.finish = finish;
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
  readonly #finish: boolean;
  readonly #outputs: unknown[];
  /** By position: how many of its dependencies have not ended. */
  readonly #missing: number[];
  readonly #ready: number[];
  #next = 0;
  #running = 0;
  /** One runs beside which nothing may. */
  #alone = false;
  /** What it will fail with, once the rest has ended. */
  #failure: { readonly error: unknown } | undefined;
  /** Those that failed, and those that cannot run for it. */
  #lost: Set<number> | undefined;
  #input: unknown;

  constructor(node: GraphNode, parent: Frame, path: string, slot: number) {
    super(node.limit, parent, path, slot);
    this.#plan = node.plan;
    this.#finish = node.finish;
    this.#outputs = new Array(this.#plan.parts.length);
    this.#missing = this.#plan.dependencies.map(({ length }) => length);
    this.#ready = this.#plan.sources.slice();
  }

  begin(input: unknown): void {
    this.#input = input;
    this.pump();
  }

  protected hasNext(): boolean {
    const next = this.#ready[this.#next];
    if (next === undefined) return false;
    return this.#running === 0 || !(this.#alone || this.#plan.parts[next]?.alone);
  }

  protected override nothingToStart(): boolean {
    return !this.hasNext();
  }

  protected startNext(): boolean {
    const slot = this.#ready[this.#next++] as number;
    const lost = this.#lostBefore(slot);
    if (lost !== undefined) {
      this.#lost?.add(slot);
      return this.#skip(slot, lost);
    }
    const { node, after, input, when, alone } = this.#plan.parts[slot] as GraphPart;
    const given = this.#given(slot, after);
    if (when !== undefined && !this.#wants(slot, () => when(given as never)))
      return this.#skip(slot, skipped.reason);
    const own = input === undefined ? (after.length === 0 ? this.#input : given) : input(given as never);
    this.#running++;
    this.#alone = alone;
    return this.startChild(node, own, this.#plan.places.at(this.path, slot), slot);
  }

  override childSucceeded(child: Piece, output: unknown): void {
    this.#ended(child, output);
  }

  override childFailed(child: Piece, error: unknown): void {
    if (!this.#finish) return this.fail(error);
    this.#failure ??= { error };
    this.#lost ??= new Set();
    this.#lost.add(child.slot);
    this.#ended(child, undefined);
  }

  protected idle(): void {
    if (this.#failure !== undefined) return this.fail(this.#failure.error);
    const { sinks, parts } = this.#plan;
    const [only] = sinks;
    if (sinks.length === 1 && only !== undefined) return this.succeed(this.#outputs[only]);
    this.succeed(Object.fromEntries(sinks.map((slot) => [parts[slot]?.id, this.#outputs[slot]])));
  }

  #ended(child: Piece, output: unknown): void {
    this.#running--;
    this.#alone = false;
    this.#done(child.slot, output);
    this.childDone(child);
  }

  #wants(slot: number, when: () => boolean): boolean {
    const { journal } = this.scope;
    return journal === undefined ? when() : journal.decide(this.path, `when#${slot}`, when);
  }

  /** The next can be started at once. */
  #skip(slot: number, reason: string): true {
    const { stepId } = this.#plan.parts[slot] as GraphPart;
    this.scope.tellSkipped(this.#plan.places.at(this.path, slot), stepId, reason);
    this.#done(slot, undefined);
    return true;
  }

  /** Why one cannot run, if something that it comes after has no output for a failure. */
  #lostBefore(slot: number): string | undefined {
    const before = this.#lost && this.#plan.dependencies[slot]?.find((one) => this.#lost?.has(one));
    return before === undefined ? undefined : `${this.#plan.parts[before]?.id} has no output`;
  }

  #done(slot: number, output: unknown): void {
    this.#outputs[slot] = output;
    const dependents = this.#plan.dependents[slot] as readonly number[];
    const missing = this.#missing;
    for (let i = 0; i < dependents.length; i++) {
      const dependent = dependents[i] as number;
      if (--(missing[dependent] as number) === 0) this.#ready.push(dependent);
    }
  }

  #given(slot: number, after: readonly string[]): Record<string, unknown> {
    const given: Record<string, unknown> = { input: this.#input };
    const dependencies = this.#plan.dependencies[slot] as readonly number[];
    const outputs = this.#outputs;
    for (let i = 0; i < after.length; i++) given[after[i] as string] = outputs[dependencies[i] as number];
    return given;
  }
}
