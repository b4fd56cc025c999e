import { AttemptFrame, type AttemptNode } from './attempt.ts';
import { Cancellation } from './cancellation.ts';
import { toErrorRecord } from './error-record.ts';
import { asError } from './errors.ts';
import type { Cost, OutputSource } from './events.ts';
import type { Frame } from './frame.ts';
import type { PastStart } from './journal.ts';
import type { Ledger } from './ledger.ts';
import { tellCompleted, tellCost, tellFailed, tellPartial, tellStarted } from './lifecycle.ts';
import type { Owner, Spender } from './owner.ts';
import { type Compensations, handOn, type SagaBoundary, undoAll } from './saga.ts';
import type { Facts } from './scope.ts';

/**
 * The lifecycle of one step: tells of its start and of its one end, and counts what it cost.
 *
 * Policies are frames between this and the attempt; a step without any, that runs a body, is a {@link Leaf}.
 */
export class StepFrame extends AttemptFrame implements Owner, SagaBoundary {
  readonly id: string;
  attempt = 1;
  source: OutputSource = 'live';
  protected input: unknown;
  protected costUsd = 0;
  /** An attempt has started and not ended. */
  #open = false;
  #started = false;
  /** Has ended, and handed on what it cost. */
  #closed = false;
  #startedAt = 0;
  #partials = 0;
  compensations: Compensations | undefined = undefined;

  constructor(node: AttemptNode, parent: Frame, path: string, slot: number) {
    super(node, parent, path, slot);
    this.id = node.id;
  }

  override ownerOfChildren(): Owner {
    return this;
  }

  override begin(input: unknown): void {
    this.input = input;
    super.begin(input);
  }

  protected override admitted(input: unknown): void {
    this.tellStarted(input);
    if (this.active) this.run(input);
  }

  /** Runs what is inside it. */
  protected run(input: unknown): void {
    super.admitted(input);
  }

  get open(): boolean {
    return this.#open;
  }

  /** The attempt whose readings of clock and chance it makes. */
  get readsAs(): number {
    return this.attempt;
  }

  /** Only what is kept outlives its process. */
  interrupted(): boolean {
    return false;
  }

  /** What cannot even begin has to start in order to fail. */
  protected override refused(error: unknown): void {
    this.tellStarted(this.input);
    this.fail(error);
  }

  override succeed(output: unknown): void {
    this.reopen();
    this.succeedAs(output);
  }

  /** Ends well, whatever else would be to do before. */
  protected succeedAs(output: unknown): void {
    super.succeed(output);
  }

  /** Before it fails, what has completed inside it is undone. */
  override fail(error: unknown): void {
    this.reopen();
    if (this.compensations === undefined || !this.active) return this.failAs(error);
    this.cancelChildren(new Cancellation('no longer needed'));
    undoAll(this, asError(error), (outcome) => this.failAs(outcome));
  }

  /** Fails, and undoes nothing. */
  protected failAs(error: unknown): void {
    super.fail(error);
  }

  override settling(payload: unknown, failed: boolean): void {
    handOn(this);
    this.#close();
    this.tellEnd(payload, failed);
  }

  protected tellEnd(payload: unknown, failed: boolean): void {
    if (failed) tellFailed(this, payload);
    else tellCompleted(this, payload, this.#startedAt, this.costUsd, this.source);
  }

  override stop(cause: Cancellation): void {
    try {
      super.stop(cause);
    } finally {
      if (this.#open) this.tell({ type: 'step.cancelled', reason: cause.reason });
      this.stopped(cause);
      this.#close();
      handOn(this);
    }
  }

  /** Has been ended from outside, and told of it. */
  protected stopped(_cause: Cancellation): void {}

  #close(): void {
    this.#open = false;
    this.#closed = true;
    this.input = undefined;
    this.owner?.absorb(this.costUsd);
  }

  protected tellStarted(input: unknown): void {
    this.input = input;
    const first = !this.#started;
    this.#started = true;
    this.#open = true;
    this.#partials = 0;
    const at = tellStarted(this, input);
    if (first) this.#startedAt = at;
  }

  /** Takes over how far it had come. */
  protected hasBegun(input: unknown, { open, attempt, startedAt }: PastStart): void {
    this.input = input;
    this.#started = true;
    this.#open = open;
    this.attempt = attempt;
    this.#startedAt = startedAt;
  }

  tell(facts: Facts): void {
    this.reopen();
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
    else this.costUsd += usd;
  }

  streamed(chunk: unknown): void {
    this.parent?.childPartial(this, chunk);
  }

  retracted(): void {
    this.parent?.childRetracted(this);
  }

  mayRetry(): boolean {
    return true;
  }

  retrying(error: unknown, delayMs: number): void {
    this.reopen();
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

  restarted(_repeats?: boolean): void {
    this.attempt++;
    this.source = 'live';
    this.tellStarted(this.input);
  }

  /** What a policy decides while the step waits for its next attempt is told as that attempt's. */
  protected reopen(): void {
    if (this.#started && !this.#open && !this.#closed) this.restarted();
  }

  cameFrom(source: OutputSource): void {
    this.source = source;
  }
}
