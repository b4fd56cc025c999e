import { AttemptFrame, AttemptNode } from './attempt.ts';
import type { Body } from './body-run.ts';
import type { Cancellation } from './cancellation.ts';
import type { Edge } from './edge.ts';
import { toErrorRecord } from './error-record.ts';
import type { Cost, OutputSource } from './events.ts';
import type { Frame, Node } from './frame.ts';
import type { Owner } from './owner.ts';
import type { Facts } from './scope.ts';

/** A step in the structure of a workflow: what has an id and a lifecycle that events tell of. */
export class StepNode extends AttemptNode {
  override readonly name: string;

  constructor(id: string, edge: Edge, inside: Body | Node) {
    super(id, edge, inside);
    this.name = id;
  }

  override frame(parent: Frame, path: string, slot: number): Frame {
    return new StepFrame(this, parent, path, slot);
  }
}

/**
 * The lifecycle of one step: tells of its start and of its one end, and counts what it cost.
 *
 * A step without policies runs its body itself; policies are frames between this and the attempt.
 */
export class StepFrame extends AttemptFrame implements Owner {
  readonly id: string;
  attempt = 1;
  #input: unknown;
  /** An attempt has started and not ended. */
  #open = false;
  #started = false;
  /** Has ended, and handed on what it cost. */
  #closed = false;
  #startedAt = 0;
  #costUsd = 0;
  #partials = 0;
  #source: OutputSource = 'live';

  constructor(node: StepNode, parent: Frame, path: string, slot: number) {
    super(node, parent, path, slot);
    this.id = node.id;
  }

  protected override ownerOfChildren(): Owner {
    return this;
  }

  protected override begin(input: unknown): void {
    this.#input = input;
    super.begin(input);
  }

  protected override admitted(input: unknown): void {
    this.#input = input;
    this.#tellStarted();
    if (this.active) super.admitted(input);
  }

  protected override settling(payload: unknown, failed: boolean): void {
    // What could not even be adapted or checked has to start in order to fail.
    if (!this.#started) this.#tellStarted();
    this.#close();
    const { writer, runId, clock } = this.scope;
    if (writer.closed) return;
    const { path, id: step, attempt } = this;
    const at = clock.at;
    if (failed) {
      const error = toErrorRecord(payload);
      writer.write({ type: 'step.failed', seq: writer.seq(), runId, path, step, attempt, at, error });
    } else {
      writer.write({
        type: 'step.completed',
        seq: writer.seq(),
        runId,
        path,
        step,
        attempt,
        at,
        output: payload,
        durationMs: at - this.#startedAt,
        costUsd: this.#costUsd,
        source: this.#source,
      });
    }
  }

  protected override stop(cause: Cancellation): void {
    try {
      super.stop(cause);
    } catch (error) {
      this.tell({
        type: 'step.log',
        level: 'error',
        message: `teardown of ${this.id} threw: ${String(error)}`,
      });
      if (this.scope.writer.closed) throw error;
    } finally {
      if (this.#open) this.tell({ type: 'step.cancelled', reason: cause.reason });
      this.#close();
    }
  }

  #close(): void {
    this.#open = false;
    this.#closed = true;
    this.owner?.absorb(this.#costUsd);
  }

  #tellStarted(): void {
    const { writer, runId, clock } = this.scope;
    const at = clock.at;
    if (!this.#started) this.#startedAt = at;
    this.#started = true;
    this.#open = true;
    this.#partials = 0;
    if (writer.closed) return;
    const { path, id: step, attempt } = this;
    writer.write({
      type: 'step.started',
      seq: writer.seq(),
      runId,
      path,
      step,
      attempt,
      at,
      input: this.#input,
    });
  }

  tell(facts: Facts): void {
    this.scope.tell(this.path, this.id, this.attempt, facts);
  }

  partial(chunk: unknown): void {
    const { writer, runId, clock } = this.scope;
    if (!writer.closed) {
      const { path, id: step, attempt } = this;
      const index = this.#partials++;
      writer.write({
        type: 'step.partial',
        seq: writer.seq(),
        runId,
        path,
        step,
        attempt,
        at: clock.at,
        index,
        chunk,
      });
    }
    this.parent?.childPartial(this, chunk);
  }

  cost(cost: Cost, attempt: number, late: boolean): void {
    const { scope } = this;
    if (scope.writer.closed) return;
    scope.tell(this.path, this.id, attempt, { type: 'step.cost', ...cost, ...(late ? { late } : {}) });
    this.absorb(cost.usd);
    scope.ledger.add(cost.usd);
  }

  absorb(usd: number): void {
    if (this.#closed) this.owner?.absorb(usd);
    else this.#costUsd += usd;
  }

  retrying(error: unknown, delayMs: number): void {
    const nextAttempt = this.attempt + 1;
    this.#open = false;
    this.tell({ type: 'step.retrying', error: toErrorRecord(error), delayMs, nextAttempt });
    this.parent?.childRetracted(this);
  }

  restarted(): void {
    this.attempt++;
    this.#tellStarted();
  }

  cameFrom(source: OutputSource): void {
    this.#source = source;
  }
}
