import type { AttemptNode } from '../core/attempt.ts';
import type { Cancellation } from '../core/cancellation.ts';
import type { Frame } from '../core/frame.ts';
import type { Journal, KeptStep, PastEnd, PastStart } from '../core/journal.ts';
import { PolicyNode } from '../core/policy-frame.ts';
import type { Facts } from '../core/scope.ts';
import { StepFrame } from '../core/step-frame.ts';

/** What a journal calls it that an attempt repeats another. */
function readsNote(attempt: number): string {
  return `reads@${attempt}`;
}

/** The lifecycle of one step of a run that is kept: asks the journal how to begin, and hands on its end once that is durable. */
export class KeptStepFrame extends StepFrame implements KeptStep {
  readonly #journal: Journal;
  #readsAs = 1;
  /** How it ended in an earlier life of the run: now it tells nothing. */
  #past: PastEnd | undefined;
  /** How it will end when its turn comes. */
  #awaited: PastEnd | undefined;
  #interrupted = false;
  /** Why it cannot begin, but in order to fail. */
  #refusal: { readonly error: unknown } | undefined;

  constructor(node: AttemptNode, parent: Frame, path: string, slot: number, journal: Journal) {
    super(node, parent, path, slot);
    this.#journal = journal;
  }

  protected override admitted(input: unknown): void {
    this.#journal.admit(this, input);
  }

  protected override refused(error: unknown): void {
    this.#refusal = { error };
    this.#journal.admit(this, this.#keepable(this.input));
  }

  /** What it was given before it was adapted may be of a kind that cannot be kept: then it is told without. */
  #keepable(input: unknown): unknown {
    try {
      this.#journal.check(input, this.path);
      return input;
    } catch {
      return undefined;
    }
  }

  enter(input: unknown): void {
    // What was put off may have been ended meanwhile.
    if (!this.active) return;
    this.tellStarted(input);
    if (this.active) this.#goOn(input);
  }

  #goOn(input: unknown): void {
    if (this.#refusal === undefined) this.run(input);
    else this.fail(this.#refusal.error);
  }

  reenter(input: unknown, past: PastStart): void {
    this.hasBegun(input, past);
    this.#interrupted = past.open;
    const reads = this.#journal.recall(this.path, readsNote(past.attempt));
    this.#readsAs = (reads as number | undefined) ?? past.attempt;
    this.#countAgain(past.costUsd);
    this.#goOn(input);
    for (const chunk of past.partials ?? []) this.streamed(chunk);
  }

  awaits(past: PastEnd): void {
    this.#awaited = past;
  }

  rewalk(input: unknown, past: PastEnd): boolean {
    if (!this.active) return false;
    this.#awaited = undefined;
    this.#past = past;
    this.run(input);
    return true;
  }

  replay(past: PastEnd): void {
    if (!this.active) return;
    this.#awaited = undefined;
    this.#past = past;
    this.#countAgain(past.costUsd);
    if (past.failed) return this.failAs(past.payload);
    this.#restoreUndoing();
    for (const chunk of past.partials ?? []) this.streamed(chunk);
    this.succeedAs(past.payload);
  }

  repeat(input: unknown, payload: unknown, partials: readonly unknown[]): void {
    if (!this.active) return;
    this.tellStarted(input);
    if (!this.active) return;
    this.#restoreUndoing();
    this.source = 'journal';
    for (const chunk of partials) this.streamed(chunk);
    this.succeedAs(payload);
  }

  durable(): void {
    this.task.letOn();
  }

  override get readsAs(): number {
    return this.#readsAs;
  }

  override interrupted(): boolean {
    const interrupted = this.#interrupted;
    this.#interrupted = false;
    return interrupted;
  }

  override retrying(error: unknown, delayMs: number): void {
    this.#journal.closeBelow(this.path);
    super.retrying(error, delayMs);
  }

  override restarted(repeats = false): void {
    if (repeats) this.#journal.note(this.path, readsNote(this.attempt + 1), this.#readsAs);
    else this.#readsAs = this.attempt + 1;
    super.restarted();
  }

  override succeed(output: unknown): void {
    if (this.#past !== undefined) return this.succeedAs(output);
    this.reopen();
    try {
      this.#journal.check(output, this.path);
    } catch (error) {
      // What cannot be kept is no output.
      return this.fail(error);
    }
    this.succeedAs(output);
  }

  override tell(facts: Facts): void {
    if (this.#past === undefined) super.tell(facts);
  }

  protected override tellEnd(payload: unknown, failed: boolean): void {
    if (this.#past !== undefined) return;
    this.#journal.closeBelow(this.path);
    super.tellEnd(payload, failed);
    if (!this.#journal.keep(this)) this.task.hold();
  }

  override stop(cause: Cancellation): void {
    this.#journal.closeBelow(this.path);
    super.stop(cause);
  }

  protected override stopped(): void {
    const { costUsd, failed } = this.#awaited ?? {};
    if (costUsd === undefined) return;
    this.#countAgain(costUsd);
    if (!failed) this.#restoreUndoing();
  }

  #restoreUndoing(): void {
    for (let { inside } = this.node; inside instanceof PolicyNode; inside = inside.inside)
      inside.restore(this);
  }

  #countAgain(usd: number): void {
    this.costUsd = usd;
    if (usd > 0) this.scope.ledger.restore(usd);
  }
}
