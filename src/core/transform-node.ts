import { Frame, type Node } from './frame.ts';
import type { Piece } from './piece.ts';
import { synchronous } from './synchronous.ts';

/** Turns one value into another: no place of its own, no events. */
export class TransformNode implements Node {
  readonly name = '';
  readonly change: (input: unknown) => unknown;

  /** @param what the function was given to */
  constructor(change: (input: never) => unknown, what: string) {
    this.change = (input) => synchronous(what, change(input as never));
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new TransformFrame(this.change, parent, path, slot);
  }
}

class TransformFrame extends Frame {
  readonly #change: (input: unknown) => unknown;

  constructor(change: (input: unknown) => unknown, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.#change = change;
  }

  begin(input: unknown): void {
    this.succeed(this.#change(input));
  }
}
