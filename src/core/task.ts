import type { Subscription } from 'rxjs';
import { Cancellation } from './cancellation.ts';
import { asError } from './errors.ts';
import type { Advancing, Loop } from './loop.ts';
import type { Piece } from './piece.ts';

/** Where a task is in its life. */
export const fresh = 0;
export const running = 1;
/** Is beginning, and who made it begin hands on what it gives, if it has ended by then. */
export const beginning = 2;
const settling = 3;
export const succeeded = 4;
export const failed = 5;
/** Being ended from outside, and not stopped yet. */
const closing = 6;
export const done = 7;
/** Has ended, and keeps what came out of it until it may hand it on. */
const heldSucceeded = 8;
const heldFailed = 9;

const overtaken = new Cancellation('no longer needed');

/**
 * The life of one running piece of a workflow: it begins with an input and ends once, with an output or an error, which
 * its parent hears of in the same turn.
 *
 * Tasks talk through the run's loop, never by deep calls, so that neither a long chain nor a deep nesting can overflow the
 * stack.
 *
 * There are only two classes of them, whatever they do: the engine reads their fields all the time, which costs several
 * times as much where objects have more than a few shapes.
 */
export abstract class Task implements Advancing {
  protected parent: ParentTask | undefined;
  protected readonly loop: Loop;
  /** @internal */
  state = fresh;
  /** The input before it begins, then what came out of it. */
  protected payload: unknown = undefined;
  /** @internal */
  previous: Task | undefined = undefined;
  /** @internal */
  next: Task | undefined = undefined;

  constructor(parent: ParentTask | undefined, loop: Loop) {
    this.parent = parent;
    this.loop = loop;
  }

  /** Whose life it is. */
  abstract readonly piece: Piece;

  /** What runs directly below it, first first. */
  abstract readonly children: readonly Task[];

  /** Takes up its work. An exception is its failure. */
  protected abstract begin(input: unknown): void;

  /** Goes on with what it put off. */
  protected abstract resume(): void;

  /** Ends what runs only for it. */
  protected abstract letGo(): void;

  /** Has ended by itself, with all that ran below it. */
  protected abstract settling(payload: unknown, failed: boolean): void;

  /** Hands what came out of it to its parent, or to nobody at the root. */
  protected abstract handOn(parent: Task | undefined, payload: unknown, failed: boolean): void;

  /** It is being ended from outside: from now, nothing that happens to it has an effect. */
  protected abstract closed(): void;

  /** Lets go of what it holds, because it is ended from outside. */
  protected abstract stop(cause: Cancellation): void;

  /** It has begun and not ended. */
  get active(): boolean {
    return this.state === running || this.state === beginning;
  }

  /** Begins, as soon as what the loop does now is done; below what has ended, nothing begins. */
  start(input: unknown): void {
    if (!this.takePlace()) return;
    this.payload = input;
    this.loop.push(this);
  }

  protected takePlace(): boolean {
    const { parent } = this;
    if (parent === undefined) return true;
    if (!parent.active) return false;
    parent.adopt(this);
    return true;
  }

  /** Ends by itself. */
  settle(payload: unknown, badly: boolean): void {
    const { state } = this;
    if (state !== running && state !== beginning) return;
    this.state = settling;
    this.letGo();
    // What it let go of may have told something that ended this one too.
    if (this.state !== settling) return;
    this.state = badly ? failed : succeeded;
    this.payload = payload;
    try {
      this.settling(payload, badly);
    } catch (error) {
      this.settledBadly(error);
    }
    if (state === running) this.loop.push(this);
  }

  private settledBadly(error: unknown): void {
    if (this.state !== succeeded) return;
    this.state = failed;
    this.payload = asError(error);
  }

  /** Keeps what came out of it, while it is {@link settling}, until {@link letOn}. */
  hold(): void {
    if (this.state === succeeded) this.state = heldSucceeded;
    else if (this.state === failed) this.state = heldFailed;
  }

  /** Hands on what it has kept, unless it was ended meanwhile. */
  letOn(): void {
    if (this.state === heldSucceeded) this.state = succeeded;
    else if (this.state === heldFailed) this.state = failed;
    else return;
    this.loop.push(this);
  }

  advance(): void {
    const { state } = this;
    if (state === succeeded || state === failed) this.leave();
    else if (state === fresh) this.takeUp();
    else if (state === running) this.goOn();
  }

  private takeUp(): void {
    const input = this.payload;
    this.payload = undefined;
    this.state = running;
    try {
      this.begin(input);
    } catch (error) {
      this.settle(asError(error), true);
    }
  }

  private goOn(): void {
    try {
      this.resume();
    } catch (error) {
      this.settle(asError(error), true);
    }
  }

  protected leave(): void {
    const { parent, payload } = this;
    const badly = this.state === failed;
    this.state = done;
    this.payload = undefined;
    this.parent = undefined;
    if (parent === undefined) {
      this.handOn(undefined, payload, badly);
      return;
    }
    parent.release(this);
    try {
      this.handOn(parent, payload, badly);
    } catch (error) {
      parent.settle(asError(error), true);
    }
  }

  /** Ends it and everything below it from outside, innermost first. What teardowns throw is returned. */
  cancel(cause: Cancellation): unknown[] {
    const { parent } = this;
    const errors = endAll([this], cause, this.loop);
    parent?.release(this);
    return errors;
  }

  /** From now, nothing that happens to it has an effect. */
  close(): void {
    this.closed();
    if (this.active || this.state === settling) this.state = closing;
    else if (this.state !== closing) this.state = done;
  }

  /** Stops it, once, if it was closed while it ran. */
  end(cause: Cancellation): void {
    if (this.state !== closing) return;
    this.state = done;
    try {
      this.stop(cause);
    } finally {
      this.parent = undefined;
    }
  }
}

/** The life of what may have children and a timer. What still runs below it when it ends is cancelled first. */
export abstract class ParentTask extends Task {
  private timer: Subscription | undefined = undefined;
  private firstChild: Task | undefined = undefined;
  private lastChild: Task | undefined = undefined;

  /** Has its one timer, in place of an earlier one. */
  setTimer(timer: Subscription | undefined): void {
    this.timer?.unsubscribe();
    this.timer = timer;
  }

  get hasTimer(): boolean {
    return this.timer !== undefined;
  }

  get children(): readonly Task[] {
    const children: Task[] = [];
    for (let child = this.firstChild; child !== undefined; child = child.next) children.push(child);
    return children;
  }

  /** Ends everything below it. */
  cancelChildren(cause: Cancellation): unknown[] {
    const { children } = this;
    const errors = endAll(children, cause, this.loop);
    for (const child of children) this.release(child);
    return errors;
  }

  protected letGo(): void {
    if (this.timer !== undefined) this.setTimer(undefined);
    if (this.firstChild !== undefined) this.cancelChildren(overtaken);
  }

  protected closed(): void {
    if (this.timer !== undefined) this.setTimer(undefined);
  }

  adopt(child: Task): void {
    child.previous = this.lastChild;
    if (this.lastChild === undefined) this.firstChild = child;
    else this.lastChild.next = child;
    this.lastChild = child;
  }

  release(child: Task): void {
    const { previous, next } = child;
    if (previous === undefined && this.firstChild !== child) return;
    if (previous === undefined) this.firstChild = next;
    else previous.next = next;
    if (next === undefined) this.lastChild = previous;
    else next.previous = previous;
    child.previous = undefined;
    child.next = undefined;
  }
}

/**
 * Ends tasks with all that runs below them, each after its own children, earlier siblings first.
 *
 * All are closed before the first is stopped, so that nothing that a teardown does can start or end anything among them;
 * and all stay where they are until they are stopped, so that who ends something further out meanwhile finds them.
 */
function endAll(tasks: readonly Task[], cause: Cancellation, loop: Loop): unknown[] {
  if (tasks.length === 0) return [];
  const outermostFirst: Task[] = [];
  const stack = tasks.slice();
  for (let task = stack.pop(); task !== undefined; task = stack.pop()) {
    task.close();
    outermostFirst.push(task);
    for (const child of task.children) stack.push(child);
  }
  return loop.unwind(() => stopAll(outermostFirst.reverse(), cause));
}

function stopAll(tasks: readonly Task[], cause: Cancellation): unknown[] {
  const errors: unknown[] = [];
  for (const task of tasks) {
    try {
      task.end(cause);
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}
