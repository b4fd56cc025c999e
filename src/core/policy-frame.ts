import { Frame, type Node } from './frame.ts';
import type { Piece } from './piece.ts';

/** Makes the frames of one kind of policy. */
interface PolicyKind<Options> {
  new (node: PolicyNode<Options>, parent: Frame, path: string, slot: number): PolicyFrame<Options>;
  /** Has what a completed step left to do, without running it again. */
  restored?(node: PolicyNode<Options>, step: Frame): void;
  /** It may give an output without what was streamed before it. */
  readonly forgetsPartials?: boolean;
}

/** A policy around what a step does, at the step's own place. */
export class PolicyNode<Options> implements Node {
  readonly name = '';
  readonly inside: Node;
  readonly options: Options;
  readonly reserved: readonly string[];
  readonly forgetsPartials: boolean;
  readonly #kind: PolicyKind<Options>;

  /** @param names what it calls the places below the step that it runs things at */
  constructor(inside: Node, options: Options, kind: PolicyKind<Options>, names: readonly string[] = []) {
    this.inside = inside;
    this.options = options;
    this.reserved = [...(inside.reserved ?? []), ...names];
    this.forgetsPartials = kind.forgetsPartials === true || inside.forgetsPartials === true;
    this.#kind = kind;
  }

  /** How many policies it is around. */
  get depth(): number {
    return this.inside instanceof PolicyNode ? this.inside.depth + 1 : 0;
  }

  /** Takes up what it left to do around a step that completed in an earlier life of the run. */
  restore(step: Frame): void {
    this.#kind.restored?.(this, step);
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new this.#kind(this, parent, path, slot);
  }
}

/** What runs of a policy: it begins by running its inside, and hears of how that ends. */
export abstract class PolicyFrame<Options> extends Frame {
  protected readonly options: Options;
  protected readonly inside: Node;
  /** What it and the policies inside it call places below the step. */
  protected readonly reserved: readonly string[];
  protected input: unknown;
  /** How often it has begun its inside anew, or something in place of it. */
  protected turns = 0;
  readonly #depth: number;

  constructor(node: PolicyNode<Options>, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.options = node.options;
    this.inside = node.inside;
    this.reserved = node.reserved;
    this.#depth = parent.scope.journal === undefined ? 0 : node.depth;
  }

  /** What a journal calls something of this life of the policy, apart from its other lives at the same place. */
  protected noteName(what: string): string {
    let name = `${what}@${this.#depth}`;
    for (let around = this.parent; around?.path === this.path; around = around.parent)
      if (around instanceof PolicyFrame) name += `.${around.turns}`;
    return name;
  }

  begin(input: unknown): void {
    this.input = input;
    this.spawn(this.inside, input);
  }
}
