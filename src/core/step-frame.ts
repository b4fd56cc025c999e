import { AttemptFrame, AttemptNode } from './attempt.ts';
import type { Body } from './body-run.ts';
import { Cancellation } from './cancellation.ts';
import type { Edge } from './edge.ts';
import { toErrorRecord } from './error-record.ts';
import { asError } from './errors.ts';
import type { Cost, OutputSource } from './events.ts';
import type { Frame, Node } from './frame.ts';
import type { Journal, KeptStep, PastEnd, PastStart } from './journal.ts';
import { Leaf } from './leaf.ts';
import type { Ledger } from './ledger.ts';
import { tellCompleted, tellCost, tellFailed, tellPartial, tellStarted } from './lifecycle.ts';
import type { Owner, Spender } from './owner.ts';
import type { Piece } from './piece.ts';
import { PolicyNode } from './policy-frame.ts';
import { type Compensations, handOn, type SagaBoundary, undoAll } from './saga.ts';
import type { Facts } from './scope.ts';

/** A step in the structure of a workflow: what has an id and a lifecycle that events tell of. */
export class StepNode extends AttemptNode {
  override readonly name: string;
  /** Of a workflow. */
  readonly version: string | undefined;

  constructor(id: string, edge: Edge, inside: Body | Node, version?: string) {
    super(id, edge, inside);
    this.name = id;
    this.version = version;
  }

  override frame(parent: Frame, path: string, slot: number, spare?: Piece): Piece {
    if (this.body === undefined || parent.scope.journal !== undefined)
      return new StepFrame(this, parent, path, slot);
    return spare instanceof Leaf ? spare.again(this, parent, path, slot) : new Leaf(this, parent, path, slot);
  }
}

/** What a journal calls it that an attempt repeats another. */
function readsNote(attempt: number): string {
  return `reads@${attempt}`;
}

/**
 * The lifecycle of one step: tells of its start and of its one end, and counts what it cost.
 *
 * Policies are frames between this and the attempt; a step without any, that runs a body, is a {@link Leaf}.
 */
class StepFrame extends AttemptFrame implements Owner, SagaBoundary, KeptStep {
  readonly id: string;
  attempt = 1;
  readsAs = 1;
  source: OutputSource = 'live';
  #input: unknown;
  /** An attempt has started and not ended. */
  #open = false;
  #started = false;
  /** Has ended, and handed on what it cost. */
  #closed = false;
  #startedAt = 0;
  #costUsd = 0;
  #partials = 0;
  /** How it ended in an earlier life of the run: now it tells nothing. */
  #past: PastEnd | undefined;
  #interrupted = false;
  /** How it will end when its turn comes. */
  #awaited: PastEnd | undefined;
  compensations: Compensations | undefined = undefined;

  constructor(node: StepNode, parent: Frame, path: string, slot: number) {
    super(node, parent, path, slot);
    this.id = node.id;
  }

  override ownerOfChildren(): Owner {
    return this;
  }

  override begin(input: unknown): void {
    this.#input = input;
    super.begin(input);
  }

  protected override admitted(input: unknown): void {
    const { journal } = this.scope;
    if (journal === undefined) this.enter(input);
    else journal.admit(this, input);
  }

  enter(input: unknown): void {
    // What was put off may have been ended meanwhile.
    if (!this.active) return;
    this.#input = input;
    this.#tellStarted();
    if (this.active) super.admitted(input);
  }

  reenter(input: unknown, past: PastStart): void {
    this.#input = input;
    this.#started = true;
    this.#open = past.open;
    this.#interrupted = past.open;
    this.attempt = past.attempt;
    this.readsAs =
      (this.scope.journal?.recall(this.path, readsNote(past.attempt)) as number | undefined) ?? past.attempt;
    this.#startedAt = past.startedAt;
    this.#countAgain(past.costUsd);
    super.admitted(input);
    for (const chunk of past.partials ?? []) this.streamed(chunk);
  }

  awaits(past: PastEnd): void {
    this.#awaited = past;
  }

  rewalk(input: unknown, past: PastEnd): boolean {
    if (!this.active) return false;
    this.#awaited = undefined;
    this.#past = past;
    super.admitted(input);
    return true;
  }

  replay(past: PastEnd): void {
    if (!this.active) return;
    this.#awaited = undefined;
    this.#past = past;
    this.#countAgain(past.costUsd);
    if (past.failed) return super.fail(past.payload);
    this.#restoreUndoing();
    for (const chunk of past.partials ?? []) this.streamed(chunk);
    super.succeed(past.payload);
  }

  repeat(input: unknown, payload: unknown, partials: readonly unknown[]): void {
    if (!this.active) return;
    this.#input = input;
    this.#tellStarted();
    if (!this.active) return;
    this.#restoreUndoing();
    this.source = 'journal';
    for (const chunk of partials) this.streamed(chunk);
    super.succeed(payload);
  }

  #settleAs({ costUsd, failed }: PastEnd): void {
    this.#countAgain(costUsd);
    if (!failed) this.#restoreUndoing();
  }

  #restoreUndoing(): void {
    for (let { inside } = this.node; inside instanceof PolicyNode; inside = inside.inside)
      inside.restore(this);
  }

  durable(): void {
    this.task.letOn();
  }

  get open(): boolean {
    return this.#open;
  }

  interrupted(): boolean {
    const interrupted = this.#interrupted;
    this.#interrupted = false;
    return interrupted;
  }

  #countAgain(usd: number): void {
    this.#costUsd = usd;
    if (usd > 0) this.scope.ledger.restore(usd);
  }

  /** What cannot even begin has to start in order to fail. */
  protected override refused(error: unknown): void {
    if (this.scope.journal !== undefined) this.#forgetUnkept(this.scope.journal);
    this.#tellStarted();
    this.fail(error);
  }

  /** What it was given before it was adapted may be of a kind that cannot be kept: then it is told without. */
  #forgetUnkept(journal: Journal): void {
    try {
      journal.check(this.#input, this.path);
    } catch {
      this.#input = undefined;
    }
  }

  override succeed(output: unknown): void {
    this.#reopen();
    const { journal } = this.scope;
    if (journal === undefined || this.#past !== undefined) super.succeed(output);
    else this.#succeedKept(output, journal);
  }

  /** What cannot be kept is no output. */
  #succeedKept(output: unknown, journal: Journal): void {
    try {
      journal.check(output, this.path);
    } catch (error) {
      return this.fail(error);
    }
    super.succeed(output);
  }

  /** Before it fails, what has completed inside it is undone. */
  override fail(error: unknown): void {
    this.#reopen();
    if (this.compensations === undefined || !this.active) return super.fail(error);
    this.cancelChildren(new Cancellation('no longer needed'));
    undoAll(this, asError(error), (outcome) => super.fail(outcome));
  }

  override settling(payload: unknown, failed: boolean): void {
    handOn(this);
    this.#close();
    if (this.#past !== undefined) return;
    if (failed) tellFailed(this, payload);
    else tellCompleted(this, payload, this.#startedAt, this.#costUsd, this.source);
    if (this.scope.journal?.keep(this) === false) this.task.hold();
  }

  override stop(cause: Cancellation): void {
    try {
      super.stop(cause);
    } finally {
      if (this.#open) this.tell({ type: 'step.cancelled', reason: cause.reason });
      if (this.#awaited !== undefined) this.#settleAs(this.#awaited);
      this.#close();
      handOn(this);
    }
  }

  #close(): void {
    this.#open = false;
    this.#closed = true;
    this.#input = undefined;
    this.owner?.absorb(this.#costUsd);
  }

  #tellStarted(): void {
    const first = !this.#started;
    this.#started = true;
    this.#open = true;
    this.#partials = 0;
    const at = tellStarted(this, this.#input);
    if (first) this.#startedAt = at;
  }

  tell(facts: Facts): void {
    if (this.#past !== undefined) return;
    this.#reopen();
    this.scope.tell(this.path, this.id, this.attempt, facts);
  }

  partial(chunk: unknown): void {
    tellPartial(this, this.#partials++, chunk);
    this.streamed(chunk);
  }

  cost(cost: Cost, by: Spender, late: boolean, ledger: Ledger): void {
    if (this.scope.writer.closed) return;
    this.absorb(cost.usd);
    tellCost(this.scope, cost, by, late, ledger);
  }

  absorb(usd: number): void {
    if (this.#closed) this.owner?.absorb(usd);
    else this.#costUsd += usd;
  }

  streamed(chunk: unknown): void {
    this.parent?.childPartial(this, chunk);
  }

  retracted(): void {
    this.parent?.childRetracted(this);
  }

  retrying(error: unknown, delayMs: number): void {
    this.#reopen();
    this.endAsides(new Cancellation('no longer needed'));
    this.#open = false;
    const facts = {
      type: 'step.retrying',
      error: toErrorRecord(error),
      delayMs,
      nextAttempt: this.attempt + 1,
    } as const;
    this.scope.tell(this.path, this.id, this.attempt, facts);
    this.retracted();
  }

  restarted(repeats = false): void {
    this.attempt++;
    if (!repeats) this.readsAs = this.attempt;
    else this.scope.journal?.note(this.path, readsNote(this.attempt), this.readsAs);
    this.source = 'live';
    this.#tellStarted();
  }

  /** What a policy decides while the step waits for its next attempt is told as that attempt's. */
  #reopen(): void {
    if (this.#started && !this.#open && !this.#closed) this.restarted();
  }

  cameFrom(source: OutputSource): void {
    this.source = source;
  }
}
