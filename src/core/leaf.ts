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
import type { Facts, Scope } from './scope.ts';
import { Task } from './task.ts';

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
  private going: BodyRun | undefined = undefined;
  private phase: 'before' | 'open' | 'over' = 'before';
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
    this.renew(parent.task);
    this.path = path;
    this.slot = slot;
    this.node = node;
    this.phase = 'before';
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

  protected begin(input: unknown): void {
    if (this.node.bare) this.admitted(input);
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
        (checked) => this.admitted(checked),
        (error) => this.refused(input, error),
      );
    else this.admitted(admitted);
  }

  private admitted(input: unknown): void {
    this.tellStarted(input);
    if (!this.active) return;
    const going = new BodyRun(this);
    this.going = going;
    going.start(input);
  }

  /** What cannot even begin has to start in order to fail. */
  private refused(input: unknown, error: unknown): void {
    this.tellStarted(input);
    this.fail(error);
  }

  private tellStarted(input: unknown): void {
    this.phase = 'open';
    this.startedAt = tellStarted(this, input);
  }

  bodySucceeded(output: unknown, partials: unknown[] | undefined): void {
    if (this.node.bare) this.settle(output, false);
    else this.release(output, partials);
  }

  private release(output: unknown, partials: unknown[] | undefined): void {
    const released = this.node.release(output, partials);
    if (released instanceof Pending) whenChecked(released, this, (checked) => this.settle(checked, false));
    else this.settle(released, false);
  }

  fail(error: unknown): void {
    this.settle(asError(error), true);
  }

  protected settling(payload: unknown, failed: boolean): void {
    this.finish();
    if (failed) tellFailed(this, payload);
    else tellCompleted(this, payload, this.startedAt, this.costUsd, 'live');
  }

  protected handOn(parent: FrameTask, payload: unknown, failed: boolean): void {
    if (failed) parent.frame.childFailed(this, payload);
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
      if (this.phase === 'open') this.tell({ type: 'step.cancelled', reason: cause.reason });
      this.finish();
    }
  }

  private finish(): void {
    this.phase = 'over';
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
    if (by.path === this.path && this.phase === 'open') this.costUsd += cost.usd;
    else this.owner?.absorb(cost.usd);
    tellCost(this.scope, cost, by, late, ledger);
  }

  /** Nothing runs inside it that could cost. */
  absorb(): void {}

  private get parentFrame(): Frame | undefined {
    return (this.parent as FrameTask | undefined)?.frame;
  }
}
