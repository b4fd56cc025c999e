import { Frame, type Node } from './frame.ts';
import type { Piece } from './piece.ts';

/** Makes the frames of one kind of policy. */
interface PolicyKind<Options> {
  new (node: PolicyNode<Options>, parent: Frame, path: string, slot: number): PolicyFrame<Options>;
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

  frame(parent: Frame, path: string, slot: number): Piece {
    return new this.#kind(this, parent, path, slot);
  }
}

/** What runs of a policy: it begins by running its inside, and hears of how that ends. */
export abstract class PolicyFrame<Options> extends Frame {
  protected readonly options: Options;
  protected readonly inside: Node;
  protected input: unknown;

  constructor(node: PolicyNode<Options>, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.options = node.options;
    this.inside = node.inside;
  }

  begin(input: unknown): void {
    this.input = input;
    this.spawn(this.inside, input);
  }
}
