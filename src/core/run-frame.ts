import type { Observable, Subscription } from 'rxjs';
import { AttemptFrame, type AttemptNode } from './attempt.ts';
import { Cancellation } from './cancellation.ts';
import { Pending, whenChecked } from './edge.ts';
import { toErrorRecord } from './error-record.ts';
import { asError, textOf } from './errors.ts';
import type { Journal } from './journal.ts';
import type { Signal } from './mailbox.ts';
import { type Compensations, type SagaBoundary, undoAll } from './saga.ts';
import type { Facts, Scope } from './scope.ts';
import type { Task } from './task.ts';
import { throwAll } from './throw-all.ts';

/** What a journal calls it that the run is being cancelled. */
export const cancelNote = 'cancelled';

/** What is run, as its events name it. */
export interface RunPlan {
  readonly workflow: string;
  readonly version: string;
  /** Its input has been checked, or is {@link Pending}. */
  readonly root: AttemptNode;
}

/** What reaches a run from outside. */
export interface Outside {
  readonly signal?: AbortSignal | undefined;
  readonly signals$?: Observable<Signal> | undefined;
}

/** One run, as those see it who hold it. */
export interface PreparedRun {
  readonly runId: string;
  readonly scope: Scope;
  readonly task: Task;
  /** Begins. */
  begun(): void;
  /** Ends it gracefully: bodies are told to stop, the run says that it was cancelled. */
  cancelRun(reason: string): void;
  /** Ends it by a failure from outside. */
  fail(error: unknown): void;
  /** Ends it at once; nobody listens any more. What teardowns throw is returned. */
  abandon(): unknown[];
  /** The same; what teardowns throw is thrown. */
  unsubscribe(): void;
}

/** The root of a run: says how it starts and how it ends. */
export class RunFrame extends AttemptFrame implements SagaBoundary, PreparedRun {
  readonly #plan: RunPlan;
  /** As its schema made it, or {@link Pending}; until it begins. */
  #input: unknown;
  readonly #signal: AbortSignal | undefined;
  #startedAt = 0;
  #cancelled: Cancellation | undefined;
  #undoing = false;
  readonly #signals$: Observable<Signal> | undefined;
  #signals: Subscription | undefined;
  compensations: Compensations | undefined = undefined;

  constructor(plan: RunPlan, scope: Scope, input: unknown, from: Outside) {
    super(plan.root, scope, '', 0);
    this.#plan = plan;
    this.#input = input;
    this.#signal = from.signal;
    this.#signals$ = from.signals$;
  }

  get runId(): string {
    return this.scope.runId;
  }

  begun(): void {
    const input = this.#input;
    this.#input = undefined;
    this.start(input);
  }

  override begin(input: unknown): void {
    const { workflow, version } = this.#plan;
    const { writer, runId, journal, clock } = this.scope;
    this.#startedAt = journal?.startedAt ?? clock.at;
    const pending = input instanceof Pending;
    if (!writer.closed && journal?.startedAt === undefined)
      writer.write({
        type: 'run.started',
        seq: writer.seq(),
        runId,
        path: '',
        step: workflow,
        attempt: 1,
        at: this.#startedAt,
        workflow,
        version,
        input: pending ? input.raw : input,
      });
    if (this.#signal?.aborted === true) this.handleEvent();
    if (!this.active) return;
    this.#signal?.addEventListener('abort', this);
    if (this.#signals$ !== undefined) this.#listen(this.#signals$);
    if (!this.active) return;
    if (pending) whenChecked(input, this, (checked) => this.admitted(checked));
    else this.admitted(input);
  }

  #listen(signals$: Observable<Signal>): void {
    const { clock, mailbox } = this.scope;
    this.#signals = signals$.subscribe({
      next: (signal) => {
        clock.wake();
        mailbox.deliver(signal);
      },
      error: (error: unknown) => {
        clock.wake();
        this.fail(error);
      },
    });
  }

  override succeed(output: unknown): void {
    const { journal } = this.scope;
    if (journal === undefined) super.succeed(output);
    else this.#succeedKept(output, journal);
  }

  /** What cannot be kept is no output. */
  #succeedKept(output: unknown, journal: Journal): void {
    try {
      journal.check(output, 'the run');
    } catch (error) {
      return this.fail(error);
    }
    super.succeed(output);
  }

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
    this.scope.journal?.note('', cancelNote, cause.reason);
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
    const goOn = (outcome: Error): void => {
      if (this.#cancelled !== undefined && outcome === error) this.cancel(this.#cancelled);
      else super.fail(outcome);
    };
    undoAll(this, error, goOn, this.#plan.workflow);
  }

  abandon(): unknown[] {
    this.scope.writer.mute();
    return this.cancel(new Cancellation('unsubscribed'));
  }

  unsubscribe(): void {
    throwAll(this.abandon());
  }

  override rootEnded(payload: unknown, failed: boolean): void {
    this.#deaf();
    this.scope.journal?.closeBelow('');
    if (failed) this.#tellEnd({ type: 'run.failed', error: toErrorRecord(payload), ...this.#totals() });
    else this.#tellCompleted(payload);
  }

  override stop(cause: Cancellation): void {
    this.#deaf();
    this.scope.journal?.closeBelow('');
    this.#tellEnd({ type: 'run.cancelled', reason: cause.reason, ...this.#totals() });
  }

  #tellCompleted(output: unknown): void {
    const { runId, writer, clock, spentUsd } = this.scope;
    if (writer.closed) return;
    const { at } = clock;
    writer.finish({
      type: 'run.completed',
      seq: writer.seq(),
      runId,
      path: '',
      step: this.#plan.workflow,
      attempt: 1,
      at,
      output,
      durationMs: at - this.#startedAt,
      costUsd: spentUsd,
    });
  }

  /** The signal has been aborted. */
  handleEvent(): void {
    const reason: unknown = this.#signal?.reason;
    this.cancelRun(textOf(reason));
  }

  #deaf(): void {
    this.#signal?.removeEventListener('abort', this);
    this.#signals?.unsubscribe();
  }

  #totals(): { durationMs: number; costUsd: number } {
    return { durationMs: this.scope.clock.at - this.#startedAt, costUsd: this.scope.spentUsd };
  }

  #tellEnd(facts: Facts): void {
    const { scope } = this;
    if (!scope.writer.closed) scope.writer.finish(scope.event('', this.#plan.workflow, 1, facts));
  }
}
