import { Frame, type Node } from '../../src/core/frame.ts';
import type { Piece } from '../../src/core/piece.ts';

/** Runs children side by side, no more than `limit` at once, starting each in turn as there is room for it. */
export abstract class WindowFrame extends Frame {
  private readonly limit: number;
  private live = 0;
  private pumping = false;
  /** The child that has ended last, and was not used again. */
  private spare: Piece | undefined = undefined;

  constructor(limit: number, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.limit = limit;
  }

  /** Whether there is one to start now. */
  protected abstract hasNext(): boolean;

  /** Starts one, by {@link startChild}, or does without. Says whether the next can be started at once. */
  protected abstract startNext(): boolean;

  /** Nothing runs, and nothing is there to start. */
  protected abstract idle(): void;

  /** Room for one more, and nothing there to start. */
  protected wanting(): void {}

  /** Nothing can be started until another child ends. Where this is not known for sure, it is looked for. */
  protected nothingToStart(): boolean {
    return false;
  }

  /** Looks for something to start, once what is going on in this turn has gone as far as it can. */
  protected pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    this.later();
  }

  override resume(): void {
    this.pumping = true;
    while (this.active && this.live < this.limit) {
      if (!this.hasNext()) {
        this.pumping = false;
        this.wanting();
        if (this.live === 0) this.idle();
        return;
      }
      if (!this.startNext()) return this.laterThanChild();
    }
    this.pumping = false;
  }

  /** Starts a child that counts. Says whether it has begun. */
  protected startChild(node: Node, input: unknown, path: string, slot: number): boolean {
    this.live++;
    const spare = this.spare;
    this.spare = undefined;
    return node.frame(this, path, slot, spare).startNow(input);
  }

  /** A child that counted has ended by itself. */
  protected childDone(child: Piece): void {
    this.spare = child;
    this.live--;
    if (!this.pumping && (this.live === 0 || !this.nothingToStart())) this.resume();
  }

  /** Stops counting children, because they are being cancelled. */
  protected forgetChildren(): void {
    this.live = 0;
  }
}
