import { Frame, type Node } from './frame.ts';
import { segmentsOf } from './path.ts';
import type { Piece } from './piece.ts';
import { Places } from './places.ts';

/** Runs its parts one after another, each on what the one before gave. Sequences directly inside it are one with it. */
export class SequenceNode implements Node {
  readonly name = 'sequence';
  readonly given: readonly Node[];
  readonly #taken: readonly string[];
  #parts: readonly Node[] | undefined;
  #places: Places | undefined;
  #names: readonly string[] | undefined;

  /** @param taken names that places beside its own already have */
  constructor(parts: readonly Node[], taken: readonly string[] = []) {
    this.given = parts;
    this.#taken = taken;
  }

  /** What runs, in order; put together when first asked for, so that growing a sequence step by step stays cheap. */
  get parts(): readonly Node[] {
    this.#parts ??= flatten(this.given);
    return this.#parts;
  }

  get places(): Places {
    this.#places ??= new Places(segmentsOf(this.names).slice(this.#taken.length));
    return this.#places;
  }

  /** The names of its places, after those that were taken. */
  get names(): readonly string[] {
    this.#names ??= [...this.#taken, ...this.parts.map((part) => part.name)];
    return this.#names;
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new SequenceFrame(this.parts, this.places, parent, path, slot);
  }
}

class SequenceFrame extends Frame {
  private readonly parts: readonly Node[];
  private readonly places: Places;
  private index = 0;
  /** Is starting a part; what that gives at once is taken from {@link given}. */
  private starting = false;
  private gave = false;
  private given: unknown = undefined;
  /** The child that has ended last. */
  private spare: Piece | undefined = undefined;

  constructor(parts: readonly Node[], places: Places, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.parts = parts;
    this.places = places;
  }

  begin(input: unknown): void {
    this.goOn(input);
  }

  override childSucceeded(child: Piece, output: unknown): void {
    this.spare = child;
    if (this.starting) this.give(output);
    else this.goOn(output);
  }

  private give(output: unknown): void {
    this.given = output;
    this.gave = true;
  }

  /** Starts the next part, and one after another as long as they give something at once. */
  private goOn(input: unknown): void {
    this.starting = true;
    this.startNext(input);
    while (this.gave) this.startNext(this.takeGiven());
    this.starting = false;
  }

  private takeGiven(): unknown {
    const { given } = this;
    this.given = undefined;
    this.gave = false;
    return given;
  }

  private startNext(input: unknown): void {
    const index = this.index++;
    const part = this.parts[index];
    if (part === undefined) return this.succeed(input);
    const { spare } = this;
    this.spare = undefined;
    part.frame(this, this.places.at(this.path, index), 0, spare).startNow(input);
  }
}

function flatten(given: readonly Node[]): Node[] {
  const parts: Node[] = [];
  const stack: Node[] = given.toReversed();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node instanceof SequenceNode) for (const inner of node.given.toReversed()) stack.push(inner);
    else parts.push(node);
  }
  return parts;
}
