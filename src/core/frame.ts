import type { Cancellation } from './cancellation.ts';
import { asError } from './errors.ts';
import type { Owner } from './owner.ts';
import type { Piece } from './piece.ts';
import type { Scope } from './scope.ts';
import { ParentTask } from './task.ts';

/** A piece of a workflow's structure; what runs is made by it, as often as it is asked. */
export interface Node {
  /** What a path calls it: a step's id, a composite's kind, `''` for what has no place of its own. */
  readonly name: string;
  /** Names of places below its own that it has taken, so that others beside it take other ones. */
  readonly reserved?: readonly string[];
  /** It may give its output without streaming what led to it. */
  readonly forgetsPartials?: boolean;
  /** @param spare a child of the same parent that has ended well, which may be used again */
  frame(parent: Frame, path: string, slot: number, spare?: Piece): Piece;
}

/**
 * One running piece of a workflow, as operators write it: where it is, what it does when it begins and when its children
 * end. Its life is a {@link Task}.
 */
export abstract class Frame implements Piece {
  readonly scope: Scope;
  readonly owner: Owner | undefined;
  readonly path: string;
  readonly slot: number;
  readonly task: FrameTask;

  constructor(scope: Scope, parent: Frame | undefined, path: string, slot: number) {
    this.scope = scope;
    this.owner = parent?.ownerOfChildren();
    this.path = path;
    this.slot = slot;
    this.task = new FrameTask(this, parent?.task, scope.loop);
  }

  abstract begin(input: unknown): void;

  /** Goes on with what it put off by {@link later}. */
  resume(): void {}

  /** A child ended well. */
  childSucceeded(_child: Piece, output: unknown): void {
    this.succeed(output);
  }

  /** A child failed. */
  childFailed(_child: Piece, error: unknown): void {
    this.fail(error);
  }

  /** A child streamed a part of its output. */
  childPartial(_child: Piece, _chunk: unknown): void {}

  /** A child will be tried again, and what it streamed counts no more. */
  childRetracted(_child: Piece): void {}

  settling(_payload: unknown, _failed: boolean): void {}

  stop(_cause: Cancellation): void {}

  /** What came out of it at the root, where there is no parent to hear of it. */
  rootEnded(_payload: unknown, _failed: boolean): void {}

  /** Hands what came out of it to who spawned it. */
  tellParent(parent: Frame, payload: unknown, failed: boolean): void {
    if (failed) parent.childFailed(this, payload);
    else parent.childSucceeded(this, payload);
  }

  /** Where its children are. */
  scopeOfChildren(): Scope {
    return this.scope;
  }

  /** The step that its children work for. */
  ownerOfChildren(): Owner | undefined {
    return this.owner;
  }

  /** Whose child it is; nobody's once it has ended, so that who holds on to it holds on to nothing else. */
  get parent(): Frame | undefined {
    return this.task.parentFrame;
  }

  /** It only waits, for something or some time that a store knows of. */
  get dormant(): boolean {
    return false;
  }

  /** It has begun and not ended. */
  get active(): boolean {
    return this.task.active;
  }

  /** What runs directly below it, first first. */
  protected get children(): Piece[] {
    return this.task.children.map((child) => child.piece);
  }

  /** Starts a child at `segment` below this place. It may have ended when this returns: keep the books before. */
  protected spawn(node: Node, input: unknown, segment = '', slot = 0): void {
    node.frame(this, segment === '' ? this.path : this.path + segment, slot).start(input);
  }

  start(input: unknown): void {
    this.task.start(input);
  }

  startNow(input: unknown): boolean {
    this.task.start(input);
    return false;
  }

  /** Asks for {@link resume} after the children that are spawned now have gone as far as they can in this turn. */
  protected later(): void {
    this.scope.loop.push(this.task);
  }

  /** The same, after the one child that has just been spawned. */
  protected laterThanChild(): void {
    this.scope.loop.pushBelow(this.task);
  }

  /** Calls back after `ms` milliseconds, in place of an earlier timer, unless it ends before. */
  protected after(ms: number, callback: () => void): void {
    const { clock, loop } = this.scope;
    const guarded = (): void => {
      try {
        callback();
      } catch (error) {
        this.fail(error);
      }
    };
    this.task.setTimer(clock.after(ms, () => loop.enter(guarded)));
  }

  protected clearTimer(): void {
    this.task.setTimer(undefined);
  }

  /** Ends with an output. */
  succeed(output: unknown): void {
    this.task.settle(output, false);
  }

  /** Ends with an error; what is thrown that is no Error becomes the cause of a `StepFailedError`. */
  fail(error: unknown): void {
    this.task.settle(asError(error), true);
  }

  cancel(cause: Cancellation): unknown[] {
    return this.task.cancel(cause);
  }

  /** Ends everything below it. */
  cancelChildren(cause: Cancellation): unknown[] {
    return this.task.cancelChildren(cause);
  }
}

/** The life of a frame. */
export class FrameTask extends ParentTask {
  readonly frame: Frame;

  constructor(frame: Frame, parent: FrameTask | undefined, loop: Scope['loop']) {
    super(parent, loop);
    this.frame = frame;
  }

  get piece(): Piece {
    return this.frame;
  }

  get parentFrame(): Frame | undefined {
    return (this.parent as FrameTask | undefined)?.frame;
  }

  protected begin(input: unknown): void {
    this.frame.begin(input);
  }

  protected resume(): void {
    this.frame.resume();
  }

  protected settling(payload: unknown, failed: boolean): void {
    this.frame.settling(payload, failed);
  }

  protected handOn(parent: FrameTask | undefined, payload: unknown, failed: boolean): void {
    if (parent === undefined) this.frame.rootEnded(payload, failed);
    else this.frame.tellParent(parent.frame, payload, failed);
  }

  protected stop(cause: Cancellation): void {
    this.frame.stop(cause);
  }
}
