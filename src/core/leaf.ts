import type { AttemptNode } from './attempt.ts';
import { type Body, type BodyHost, BodyRun } from './body-run.ts';
import type { Cancellation } from './cancellation.ts';
import { admit, Pending, whenChecked } from './edge.ts';
import { asError, textOf } from './errors.ts';
import type { Cost } from './events.ts';
import type { Frame, FrameTask } from './frame.ts';
import type { Ledger } from './ledger.ts';
import { tellCompleted, tellCost, tellFailed, tellPartial, tellStarted } from './lifecycle.ts';
import type { Owner, Reporter, Spender } from './owner.ts';
import type { Piece } from './piece.ts';
import { isPlainPromise, PromiseEnds } from './promise-ends.ts';
import type { Facts, Scope } from './scope.ts';
import { beginning, done, failed, fresh, running, succeeded, Task } from './task.ts';

/**
 * A step that runs a body and has no policies: lifecycle, attempt and task in one object, and no child.
 *
 * It is what most runs are made of. Beside a step with policies, which has a frame and a task for each of these, it
 * saves about two thirds of what the engine costs.
 */
export class Leaf extends Task implements Piece, BodyHost, Reporter {
  readonly scope: Scope;
  path: string;
  slot: number;
  private node: AttemptNode;
  private readonly owner: Owner | undefined;
  going: BodyRun | undefined = undefined;
  ends: PromiseEnds | undefined = undefined;
  /** It has been told that it started, and not how it ended. */
  private open = false;
  private startedAt = 0;
  private costUsd = 0;
  private partials = 0;

  constructor(node: AttemptNode, parent: Frame, path: string, slot: number) {
    const scope = parent.scopeOfChildren();
    super(parent.task, scope.loop);
    this.scope = scope;
    this.path = path;
    this.slot = slot;
    this.node = node;
    this.owner = parent.ownerOfChildren();
  }

  /** Becomes what runs of another step of the same parent, once it has ended well. */
  again(node: AttemptNode, parent: Frame, path: string, slot: number): this {
    this.state = fresh;
    this.parent = parent.task;
    this.path = path;
    this.slot = slot;
    this.node = node;
    this.costUsd = 0;
    this.partials = 0;
    return this;
  }

  get piece(): this {
    return this;
  }

  get id(): string {
    return this.node.id;
  }

  get children(): readonly Task[] {
    return [];
  }

  get attempt(): number {
    return 1;
  }

  get readsAs(): number {
    return 1;
  }

  get body(): Body {
    return this.node.inside as Body;
  }

  get reporter(): this {
    return this;
  }

  /** Begins at once, and if it ends in that, hands on what came out of it before this returns. */
  startNow(input: unknown): boolean {
    if (!this.takePlace()) return true;
    this.state = beginning;
    if (this.node.bare) this.run(input);
    else this.admit(input);
    if (this.state === beginning) this.state = running;
    else if (this.state === succeeded) this.give(this.payload);
    else if (this.state === failed) this.leave();
    return true;
  }

  protected begin(input: unknown): void {
    if (this.node.bare) this.run(input);
    else this.admit(input);
  }

  private admit(input: unknown): void {
    const { edge, id } = this.node;
    let admitted: unknown;
    try {
      admitted = admit(edge, input, id);
    } catch (error) {
      return this.refused(input, error);
    }
    if (admitted instanceof Pending)
      whenChecked(
        admitted,
        this,
        (checked) => this.run(checked),
        (error) => this.refused(input, error),
      );
    else this.run(admitted);
  }

  private run(input: unknown): void {
    this.tellStarted(input);
    if (!this.active) return;
    const { id, body } = this.node;
    const going = new BodyRun(this, this.path, id, 1);
    this.going = going;
    let returned: unknown;
    try {
      returned = (body as Body).run(input as never, going);
    } catch (error) {
      return going.rejected(error);
    }
    this.scope.clock.wake();
    if (isPlainPromise(returned)) this.await(returned);
    else going.take(returned);
  }

  private await(promise: Promise<unknown>): void {
    this.ends ??= new PromiseEnds(this);
    promise.then(this.ends.resolved, this.ends.rejected);
  }

  /**
   * The promise of its body has been kept. This is the shortest way from there to what comes next: it asks nothing that is
   * known of a plain step, and saves a turn of the loop.
   */
  resolved(output: unknown): void {
    const { going, loop } = this;
    if (going === undefined) return;
    if (loop.running || !this.node.bare) return going.resolved(output);
    going.close();
    this.complete(output);
    if (this.state !== succeeded) return;
    loop.running = true;
    this.give(output);
    loop.goOn();
  }

  rejected(error: unknown): void {
    this.going?.rejected(error);
  }

  /** Hands its output to its parent. */
  private give(output: unknown): void {
    const parent = this.parent as FrameTask;
    this.state = done;
    this.parent = undefined;
    this.payload = undefined;
    parent.release(this);
    try {
      parent.frame.childSucceeded(this, output);
    } catch (error) {
      parent.settle(asError(error), true);
    }
  }

  /** What cannot even begin has to start in order to fail. */
  private refused(input: unknown, error: unknown): void {
    this.tellStarted(input);
    this.fail(error);
  }

  private tellStarted(input: unknown): void {
    this.open = true;
    this.startedAt = tellStarted(this, input);
  }

  bodySucceeded(output: unknown, partials: unknown[] | undefined): void {
    if (this.node.bare) this.succeed(output);
    else this.release(output, partials);
  }

  private release(output: unknown, partials: unknown[] | undefined): void {
    try {
      const released = this.node.release(output, partials);
      if (released instanceof Pending) whenChecked(released, this, (checked) => this.succeed(checked));
      else this.succeed(released);
    } catch (error) {
      this.fail(error);
    }
  }

  /** What {@link settle} comes to, for what nothing runs below and whose end cannot go wrong. */
  private succeed(output: unknown): void {
    const { state } = this;
    if (state !== running && state !== beginning) return;
    this.payload = output;
    this.complete(output);
    if (state === running) this.loop.push(this);
  }

  private complete(output: unknown): void {
    this.state = succeeded;
    this.finish();
    tellCompleted(this, output, this.startedAt, this.costUsd, 'live');
  }

  fail(error: unknown): void {
    this.settle(asError(error), true);
  }

  protected settling(payload: unknown, badly: boolean): void {
    this.finish();
    if (badly) tellFailed(this, payload);
    else tellCompleted(this, payload, this.startedAt, this.costUsd, 'live');
  }

  protected handOn(parent: FrameTask, payload: unknown, badly: boolean): void {
    if (badly) parent.frame.childFailed(this, payload);
    else parent.frame.childSucceeded(this, payload);
  }

  protected stop(cause: Cancellation): void {
    try {
      this.going?.stop(cause);
    } catch (error) {
      if (this.scope.writer.closed) throw error;
      const message = `its teardown threw: ${textOf(error)}`;
      this.tell({ type: 'step.log', level: 'error', message });
    } finally {
      if (this.open) this.tell({ type: 'step.cancelled', reason: cause.reason });
      this.finish();
    }
  }

  private finish(): void {
    this.open = false;
    this.going = undefined;
    if (this.costUsd !== 0) this.owner?.absorb(this.costUsd);
  }

  protected resume(): void {}

  protected letGo(): void {}

  protected closed(): void {}

  tell(facts: Facts): void {
    this.scope.tell(this.path, this.id, 1, facts);
  }

  partial(chunk: unknown): void {
    tellPartial(this, this.partials++, chunk);
    this.parentFrame?.childPartial(this, chunk);
  }

  /** A late one may be of a step that it has been before. */
  cost(cost: Cost, by: Spender, late: boolean, ledger: Ledger): void {
    if (this.scope.writer.closed) return;
    if (by.path === this.path && this.open) this.costUsd += cost.usd;
    else this.owner?.absorb(cost.usd);
    tellCost(this.scope, cost, by, late, ledger);
  }

  /** Nothing runs inside it that could cost. */
  absorb(): void {}

  private get parentFrame(): Frame | undefined {
    return (this.parent as FrameTask | undefined)?.frame;
  }
}
