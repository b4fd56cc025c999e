import type { Subscription } from 'rxjs';
import { Cancellation } from './cancellation.ts';
import { asError } from './errors.ts';
import type { Advancing } from './loop.ts';
import type { Owner } from './owner.ts';
import type { Scope } from './scope.ts';

/** A piece of a workflow's structure; what runs is a {@link Frame} that it makes, as often as it is asked. */
export interface Node {
  /** What a path calls it: a step's id, a composite's kind, `''` for what has no place of its own. */
  readonly name: string;
  /** Names of places below its own that it has taken, so that others beside it take other ones. */
  readonly reserved?: readonly string[];
  frame(parent: Frame, path: string, slot: number): Frame;
}

const fresh = 0;
const running = 1;
const settling = 2;
const settled = 3;
/** Being ended from outside, and not stopped yet. */
const closing = 4;
const done = 5;

const overtaken = new Cancellation('no longer needed');

/**
 * One running piece of a workflow: it begins with an input, may spawn children, and ends once, with an output or an
 * error, which its parent hears of in the same turn.
 *
 * Frames talk through the run's {@link Scope.loop}, never by deep calls, so that neither a long chain nor a deep
 * nesting can overflow the stack. What still runs below a frame when it ends is cancelled first.
 */
export abstract class Frame implements Advancing {
  readonly scope: Scope;
  readonly parent: Frame | undefined;
  readonly owner: Owner | undefined;
  readonly path: string;
  /** Which of its parent's children it is. */
  readonly slot: number;
  /** As which attempt steps at its place start. */
  protected readonly firstAttempt: number;
  #state = fresh;
  #failed = false;
  /** The input before it begins, then what came out of it. */
  #payload: unknown;
  #timer: Subscription | undefined;
  #firstChild: Frame | undefined;
  #lastChild: Frame | undefined;
  #previous: Frame | undefined;
  #next: Frame | undefined;

  constructor(scope: Scope, parent: Frame | undefined, path: string, slot: number) {
    this.scope = scope;
    this.parent = parent;
    this.owner = parent?.ownerOfChildren();
    this.path = path;
    this.slot = slot;
    this.firstAttempt = parent?.attemptOfChildren() ?? 1;
  }

  /** Takes up its work. An exception is its failure. */
  protected abstract begin(input: unknown): void;

  /** Goes on with what it put off by {@link later}. */
  protected resume(): void {}

  /** A child ended well. */
  protected childSucceeded(_child: Frame, output: unknown): void {
    this.succeed(output);
  }

  /** A child failed. */
  protected childFailed(_child: Frame, error: unknown): void {
    this.fail(error);
  }

  /** A child streamed a part of its output. */
  childPartial(_child: Frame, _chunk: unknown): void {}

  /** A child will be tried again, and what it streamed counts no more. */
  childRetracted(_child: Frame): void {}

  /** Has ended by itself, with all that ran below it. */
  protected settling(_payload: unknown, _failed: boolean): void {}

  /** Lets go of what it holds, because it is ended from outside. */
  stop(_cause: Cancellation): void {}

  /** Where its children are. */
  scopeOfChildren(): Scope {
    return this.scope;
  }

  /** As which attempt its children start; more than 1 where they are at places that have been used before. */
  attemptOfChildren(): number {
    return this.firstAttempt;
  }

  /** The step that its children work for. */
  protected ownerOfChildren(): Owner | undefined {
    return this.owner;
  }

  get active(): boolean {
    return this.#state === running;
  }

  protected get hasChildren(): boolean {
    return this.#firstChild !== undefined;
  }

  /** Starts a child at `segment` below this place. It may have ended when this returns: keep the books before. */
  protected spawn(node: Node, input: unknown, segment = '', slot = 0): Frame {
    const child = node.frame(this, segment === '' ? this.path : this.path + segment, slot);
    child.start(input);
    return child;
  }

  /** Begins, as soon as what the loop does now is done; below what has ended, nothing begins. */
  start(input: unknown): void {
    if (this.parent !== undefined) {
      if (!this.parent.active) return;
      this.parent.adopt(this);
    }
    this.#payload = input;
    this.scope.loop.push(this);
  }

  /** Asks for {@link resume} after the children that are spawned now have gone as far as they can in this turn. */
  protected later(): void {
    this.scope.loop.push(this);
  }

  /** Sets its one timer, replacing an earlier one. */
  protected after(ms: number, callback: () => void): void {
    this.clearTimer();
    const { clock, loop } = this.scope;
    this.#timer = clock.after(ms, () => loop.enter(callback));
  }

  protected clearTimer(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }

  /** Ends with an output. */
  succeed(output: unknown): void {
    this.#settle(output, false);
  }

  /** Ends with an error; what is thrown that is no Error becomes the cause of a {@link StepFailedError}. */
  fail(error: unknown): void {
    this.#settle(asError(error), true);
  }

  #settle(payload: unknown, failed: boolean): void {
    if (this.#state !== running) return;
    this.#state = settling;
    if (this.#timer !== undefined) this.clearTimer();
    if (this.#firstChild !== undefined) this.cancelChildren(overtaken);
    // What the cancelled children told may have ended this one too.
    if ((this.#state as number) !== settling) return;
    this.#state = settled;
    this.#payload = payload;
    this.#failed = failed;
    try {
      this.settling(payload, failed);
    } catch (error) {
      this.#payload = failed ? payload : asError(error);
      this.#failed = true;
    }
    this.scope.loop.push(this);
  }

  advance(): void {
    if (this.#state === fresh) {
      this.#state = running;
      const input = this.#payload;
      this.#payload = undefined;
      try {
        this.begin(input);
      } catch (error) {
        this.fail(error);
      }
    } else if (this.#state === running) {
      try {
        this.resume();
      } catch (error) {
        this.fail(error);
      }
    } else if (this.#state === settled) {
      this.#state = done;
      this.ended(this.#payload, this.#failed);
    }
  }

  /** Hands what came out of it to its parent. */
  protected ended(payload: unknown, failed: boolean): void {
    const { parent } = this;
    if (parent === undefined) return;
    parent.release(this);
    try {
      if (failed) parent.childFailed(this, payload);
      else parent.childSucceeded(this, payload);
    } catch (error) {
      parent.fail(error);
    }
  }

  /** Ends it and everything below it from outside, innermost first. What teardowns throw is returned. */
  cancel(cause: Cancellation): unknown[] {
    const errors = endAll([this], cause);
    this.parent?.release(this);
    return errors;
  }

  /** Ends everything below it. */
  cancelChildren(cause: Cancellation): unknown[] {
    const children: Frame[] = [];
    this.pushChildren(children);
    const errors = endAll(children, cause);
    for (const child of children) this.release(child);
    return errors;
  }

  /** Adds the children that still run to a list, first first. */
  pushChildren(list: Frame[]): void {
    for (let child = this.#firstChild; child !== undefined; child = child.#next) list.push(child);
  }

  /** From now, nothing that happens to it has an effect. */
  close(): void {
    if (this.#timer !== undefined) this.clearTimer();
    if (this.#state === running || this.#state === settling) this.#state = closing;
    else if (this.#state !== closing) this.#state = done;
  }

  /** Stops it, once, if it was closed while it ran. */
  end(cause: Cancellation): void {
    if (this.#state !== closing) return;
    this.#state = done;
    this.stop(cause);
  }

  adopt(child: Frame): void {
    child.#previous = this.#lastChild;
    if (this.#lastChild === undefined) this.#firstChild = child;
    else this.#lastChild.#next = child;
    this.#lastChild = child;
  }

  release(child: Frame): void {
    if (child.#previous === undefined && child.#next === undefined && this.#firstChild !== child) return;
    if (child.#previous !== undefined) child.#previous.#next = child.#next;
    else if (this.#firstChild === child) this.#firstChild = child.#next;
    if (child.#next !== undefined) child.#next.#previous = child.#previous;
    else if (this.#lastChild === child) this.#lastChild = child.#previous;
    child.#previous = undefined;
    child.#next = undefined;
  }
}

/**
 * Ends frames with all that runs below them, each after its own children, earlier siblings first.
 *
 * All are closed before the first is stopped, so that nothing that a teardown does can start or end anything among them;
 * and all stay where they are until they are stopped, so that who ends something further out meanwhile finds them.
 */
function endAll(frames: readonly Frame[], cause: Cancellation): unknown[] {
  const outermostFirst: Frame[] = [];
  const stack = frames.slice();
  for (let frame = stack.pop(); frame !== undefined; frame = stack.pop()) {
    frame.close();
    outermostFirst.push(frame);
    frame.pushChildren(stack);
  }
  return outermostFirst[0]?.scope.loop.unwind(() => stopAll(outermostFirst.reverse(), cause)) ?? [];
}

function stopAll(frames: readonly Frame[], cause: Cancellation): unknown[] {
  const errors: unknown[] = [];
  for (const frame of frames) {
    try {
      frame.end(cause);
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}
