import { AttemptFrame, type AttemptNode } from './attempt.ts';
import { Cancellation } from './cancellation.ts';
import { Pending } from './edge.ts';
import { toErrorRecord } from './error-record.ts';
import { asError, textOf } from './errors.ts';
import { type Compensations, type SagaBoundary, undoAll } from './saga.ts';
import type { Facts, Scope } from './scope.ts';

/** What is run, as its events name it. */
export interface RunPlan {
  readonly workflow: string;
  readonly version: string;
  /** Its input has been checked, or is {@link Pending}. */
  readonly root: AttemptNode;
}

/** The root of a run: says how it starts and how it ends. */
export class RunFrame extends AttemptFrame implements SagaBoundary {
  readonly #plan: RunPlan;
  readonly #rawInput: unknown;
  readonly #signal: AbortSignal | undefined;
  readonly #completed: () => void;
  #startedAt = 0;
  #cancelled: Cancellation | undefined;
  #undoing = false;
  compensations: Compensations | undefined = undefined;

  constructor(
    plan: RunPlan,
    scope: Scope,
    rawInput: unknown,
    signal: AbortSignal | undefined,
    completed: () => void,
  ) {
    super(plan.root, { scopeOfChildren: () => scope }, '', 0);
    this.#plan = plan;
    this.#rawInput = rawInput;
    this.#signal = signal;
    this.#completed = completed;
  }

  override begin(input: unknown): void {
    const { workflow, version } = this.#plan;
    this.#startedAt = this.scope.clock.at;
    const pending = input instanceof Pending;
    this.#tell({ type: 'run.started', workflow, version, input: pending ? this.#rawInput : input });
    if (this.#signal?.aborted === true) this.#onAbort();
    if (!this.active) return;
    this.#signal?.addEventListener('abort', this.#onAbort);
    if (pending) this.whenThere(input, (checked) => this.admitted(checked));
    else this.admitted(input);
  }

  /** Ends the run gracefully: bodies are told to stop, the run says that it was cancelled. */
  cancelRun(reason: string): void {
    const { clock, loop } = this.scope;
    clock.wake();
    // What is being ended at this moment ends first.
    loop.whenUnwound(() => {
      if (this.active && this.#cancelled === undefined)
        loop.enter(() => this.#cancelAll(new Cancellation(reason)));
    });
  }

  #cancelAll(cause: Cancellation): void {
    this.#cancelled = cause;
    if (this.#undoing) return;
    this.cancelChildren(cause);
    this.#undoThen(cause.error);
  }

  /** Before the run fails, what has completed in it is undone. */
  override fail(error: unknown): void {
    if (!this.active || this.#undoing) return super.fail(error);
    this.cancelChildren(new Cancellation('no longer needed'));
    this.#undoThen(asError(error));
  }

  /** An undoing that is under way comes to its end, whatever happens to the run meanwhile. */
  #undoThen(error: Error): void {
    this.#undoing = true;
    undoAll(this, error, (outcome) => {
      if (this.#cancelled !== undefined && outcome === error) this.cancel(this.#cancelled);
      else super.fail(outcome);
    });
  }

  /** Ends the run at once; nobody listens any more. */
  abandon(): unknown[] {
    this.scope.writer.mute();
    return this.cancel(new Cancellation('unsubscribed'));
  }

  override rootEnded(payload: unknown, failed: boolean): void {
    const totals = this.#totals();
    this.#finish(
      failed
        ? { type: 'run.failed', error: toErrorRecord(payload), ...totals }
        : { type: 'run.completed', output: payload, ...totals },
    );
  }

  override stop(cause: Cancellation): void {
    this.#finish({ type: 'run.cancelled', reason: cause.reason, ...this.#totals() });
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#signal?.reason;
    this.cancelRun(textOf(reason));
  };

  #totals(): { durationMs: number; costUsd: number } {
    return { durationMs: this.scope.clock.at - this.#startedAt, costUsd: this.scope.ledger.spentUsd };
  }

  #tell(facts: Facts): void {
    this.scope.tell('', this.#plan.workflow, 1, facts);
  }

  #finish(facts: Facts): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    const { scope } = this;
    if (!scope.writer.closed)
      scope.writer.finish(scope.event('', this.#plan.workflow, 1, facts), this.#completed);
  }
}
