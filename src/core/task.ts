import type { Subscription } from 'rxjs';
import { Cancellation } from './cancellation.ts';
import { asError } from './errors.ts';
import type { Advancing, Loop } from './loop.ts';
import type { Piece } from './piece.ts';

const fresh = 0;
const running = 1;
const settling = 2;
const settled = 3;
/** Being ended from outside, and not stopped yet. */
const closing = 4;
const done = 5;

const overtaken = new Cancellation('no longer needed');

/**
 * The life of one running piece of a workflow: it begins with an input, may have children, and ends once, with an output
 * or an error, which its parent hears of in the same turn.
 *
 * Tasks talk through the run's loop, never by deep calls, so that neither a long chain nor a deep nesting can overflow the
 * stack. What still runs below a task when it ends is cancelled first.
 *
 * There are only two classes of them, whatever they do: the engine reads their fields all the time, which costs several
 * times as much where objects have more than a few shapes.
 */
export abstract class Task implements Advancing {
  protected parent: Task | undefined;
  protected readonly loop: Loop;
  private state = fresh;
  private failed = false;
  /** Who began it hands on what it gives, if it has ended by then. */
  private awaited = false;
  /** The input before it begins, then what came out of it. */
  private payload: unknown = undefined;
  private timer: Subscription | undefined = undefined;
  private firstChild: Task | undefined = undefined;
  private lastChild: Task | undefined = undefined;
  private previous: Task | undefined = undefined;
  private next: Task | undefined = undefined;

  constructor(parent: Task | undefined, loop: Loop) {
    this.parent = parent;
    this.loop = loop;
  }

  /** Whose life it is. */
  abstract readonly piece: Piece;

  /** Takes up its work. An exception is its failure. */
  protected abstract begin(input: unknown): void;

  /** Goes on with what it put off. */
  protected abstract resume(): void;

  /** Has ended by itself, with all that ran below it. */
  protected abstract settling(payload: unknown, failed: boolean): void;

  /** Hands what came out of it to its parent, or to nobody at the root. */
  protected abstract handOn(parent: Task | undefined, payload: unknown, failed: boolean): void;

  /** Lets go of what it holds, because it is ended from outside. */
  protected abstract stop(cause: Cancellation): void;

  /** It has begun and not ended. */
  get active(): boolean {
    return this.state === running;
  }

  /** Begins, as soon as what the loop does now is done; below what has ended, nothing begins. */
  start(input: unknown): void {
    if (!this.takePlace()) return;
    this.payload = input;
    this.loop.push(this);
  }

  /** Begins at once, and if it ends in that, hands on what came out of it before this returns. */
  startNow(input: unknown): boolean {
    if (!this.takePlace()) return true;
    this.awaited = true;
    this.take(input);
    this.awaited = false;
    if (this.state === settled) this.leave();
    return true;
  }

  private takePlace(): boolean {
    const { parent } = this;
    if (parent === undefined) return true;
    if (parent.state !== running) return false;
    parent.adopt(this);
    return true;
  }

  /** Has its one timer, in place of an earlier one. */
  setTimer(timer: Subscription | undefined): void {
    this.timer?.unsubscribe();
    this.timer = timer;
  }

  /** Ends by itself. */
  settle(payload: unknown, failed: boolean): void {
    if (this.state !== running) return;
    this.state = settling;
    if (this.timer !== undefined) this.setTimer(undefined);
    if (this.firstChild !== undefined) this.cancelChildren(overtaken);
    // What the cancelled children told may have ended this one too.
    if ((this.state as number) !== settling) return;
    this.state = settled;
    this.payload = payload;
    this.failed = failed;
    try {
      this.settling(payload, failed);
    } catch (error) {
      this.payload = failed ? payload : asError(error);
      this.failed = true;
    }
    if (!this.awaited) this.loop.push(this);
  }

  advance(): void {
    if (this.state === settled) this.leave();
    else if (this.state === fresh) this.takeUp();
    else if (this.state === running) this.goOn();
  }

  private takeUp(): void {
    const input = this.payload;
    this.payload = undefined;
    this.take(input);
  }

  private take(input: unknown): void {
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

  private leave(): void {
    this.state = done;
    const { parent, payload, failed } = this;
    this.payload = undefined;
    this.parent = undefined;
    if (parent === undefined) {
      this.handOn(undefined, payload, failed);
      return;
    }
    parent.release(this);
    try {
      this.handOn(parent, payload, failed);
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

  /** Ends everything below it. */
  cancelChildren(cause: Cancellation): unknown[] {
    const { children } = this;
    const errors = endAll(children, cause, this.loop);
    for (const child of children) this.release(child);
    return errors;
  }

  /** What runs directly below it, first first. */
  get children(): Task[] {
    const children: Task[] = [];
    for (let child = this.firstChild; child !== undefined; child = child.next) children.push(child);
    return children;
  }

  /** From now, nothing that happens to it has an effect. */
  close(): void {
    if (this.timer !== undefined) this.setTimer(undefined);
    if (this.state === running || this.state === settling) this.state = closing;
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

  private adopt(child: Task): void {
    child.previous = this.lastChild;
    if (this.lastChild === undefined) this.firstChild = child;
    else this.lastChild.next = child;
    this.lastChild = child;
  }

  private release(child: Task): void {
    const previous = child.previous;
    const next = child.next;
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
