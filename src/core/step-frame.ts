import { AttemptFrame, AttemptNode } from './attempt.ts';
import type { Body } from './body-run.ts';
import { Cancellation } from './cancellation.ts';
import type { Edge } from './edge.ts';
import { toErrorRecord } from './error-record.ts';
import { asError } from './errors.ts';
import type { Cost, OutputSource } from './events.ts';
import type { Frame, Node } from './frame.ts';
import type { Ledger } from './ledger.ts';
import type { Owner } from './owner.ts';
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

  override frame(parent: Frame, path: string, slot: number): Frame {
    return new StepFrame(this, parent, path, slot);
  }
}

/**
 * The lifecycle of one step: tells of its start and of its one end, and counts what it cost.
 *
 * A step without policies runs its body itself; policies are frames between this and the attempt.
 */
class StepFrame extends AttemptFrame implements Owner, SagaBoundary {
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
  compensations: Compensations | undefined = undefined;

  constructor(node: StepNode, parent: Frame, path: string, slot: number) {
    super(node, parent, path, slot);
    this.id = node.id;
  }

  protected override ownerOfChildren(): Owner {
    return this;
  }

  override begin(input: unknown): void {
    this.#input = input;
    super.begin(input);
  }

  protected override admitted(input: unknown): void {
    this.#input = input;
    this.#tellStarted();
    if (this.active) super.admitted(input);
  }

  /** What cannot even begin has to start in order to fail. */
  protected override refused(error: unknown): void {
    this.#tellStarted();
    this.fail(error);
  }

  override succeed(output: unknown): void {
    this.#reopen();
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

  override stop(cause: Cancellation): void {
    try {
      super.stop(cause);
    } finally {
      if (this.#open) this.tell({ type: 'step.cancelled', reason: cause.reason });
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
    this.#reopen();
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
    this.streamed(chunk);
  }

  cost(cost: Cost, attempt: number, late: boolean, ledger: Ledger): void {
    const { scope } = this;
    if (scope.writer.closed) return;
    this.absorb(cost.usd);
    ledger.add(cost.usd);
    scope.tell(this.path, this.id, attempt, {
      type: 'step.cost',
      ...factsOf(cost),
      ...(late ? { late } : {}),
    });
    ledger.check();
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

  restarted(): void {
    this.attempt++;
    this.#source = 'live';
    this.#tellStarted();
  }

  /** What a policy decides while the step waits for its next attempt is told as that attempt's. */
  #reopen(): void {
    if (this.#started && !this.#open && !this.#closed) this.restarted();
  }

  cameFrom(source: OutputSource): void {
    this.#source = source;
  }
}

/** The facts of a cost, whatever else the object holds. */
function factsOf({ usd, provider, model, inputTokens, outputTokens, cachedInputTokens }: Cost): Cost {
  return {
    usd,
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
  };
}
