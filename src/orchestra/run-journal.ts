import type { AttemptNode } from '../core/attempt.ts';
import type { ErrorRecord } from '../core/error-record.ts';
import type { RunEvent, Wait } from '../core/events.ts';
import type { Frame } from '../core/frame.ts';
import type { Journal, KeptBody, KeptStep } from '../core/journal.ts';
import type { Advancing } from '../core/loop.ts';
import { isEnd } from '../core/output-of.ts';
import type { Scope } from '../core/scope.ts';
import type { EventSink } from '../core/writer.ts';
import type { CommitLine } from './commit-line.ts';
import { added } from './contexts.ts';
import { hashOf, isSame } from './input-hash.ts';
import { KeptStepFrame } from './kept-step-frame.ts';
import { JournalMismatchError } from './orchestra-errors.ts';
import type { Past, PastStep } from './past.ts';
import { Replay } from './replay.ts';

/** What a journal asks of who runs the run. */
export interface JournalKeeper {
  /** Writes a value down, or throws what says why that cannot be. */
  readonly check: (value: unknown, what: string) => void;
  /** Something has happened in the run, and is written or about to be. */
  happened(): void;
  /** The run completes with this commit. */
  completed(output: unknown): void;
  /** The definition does not fit what is journalled. */
  mismatched(error: JournalMismatchError): void;
}

/** The journal of one life of a kept run: gives again what was, and has written down what is. */
export class RunJournal implements Journal, EventSink<RunEvent>, Advancing {
  readonly replay = new Replay();
  readonly #past: Past;
  readonly #line: CommitLine;
  readonly #keeper: JournalKeeper;
  readonly #openWaits: Set<string>;
  #scope: Scope | undefined;
  #catchingUp = false;
  context: unknown;

  /** @param openWaits the places of the waits that the store has open */
  constructor(
    past: Past,
    line: CommitLine,
    openWaits: Iterable<string>,
    context: unknown,
    keeper: JournalKeeper,
  ) {
    this.#past = past;
    this.#line = line;
    this.#openWaits = new Set(openWaits);
    this.#keeper = keeper;
    this.context = context;
  }

  /** Whose journal it is. */
  of(scope: Scope): void {
    this.#scope = scope;
  }

  get startedAt(): number | undefined {
    return this.#past.startedAt;
  }

  contextOver(context: unknown): unknown {
    return context === undefined ? this.context : added(this.context, context);
  }

  read<T>(path: string, name: string, make: () => T): T {
    const read = this.decide(path, name, make);
    this.#line.linger();
    return read;
  }

  knows(path: string): boolean {
    return this.#past.knows(path);
  }

  /** Some waits are open. */
  get waits(): boolean {
    return this.#openWaits.size > 0;
  }

  /** Gives again all that has ended; then, after `before`, lets the run live on. */
  goOn(before: () => void): void {
    const loop = this.#scope?.loop;
    for (let next = this.replay.next(); next !== undefined; next = this.replay.next()) loop?.enter(next);
    const [lost] = this.#lost();
    if (lost === undefined) {
      before();
      for (const go of this.replay.enliven()) loop?.enter(go);
    } else
      this.#keeper.mismatched(
        new JournalMismatchError(this.#runId, lost, 'nothing in the definition comes to it'),
      );
  }

  pause(): void {
    this.replay.pause();
  }

  unpause(): void {
    for (const go of this.replay.unpause()) this.#scope?.loop.enter(go);
  }

  stepFrame(node: AttemptNode, parent: Frame, path: string, slot: number): KeptStepFrame {
    return new KeptStepFrame(node, parent, path, slot, this);
  }

  admit(step: KeptStep, input: unknown): void {
    const past = this.#past.claim(step.path);
    if (past !== undefined) return this.#take(step, input, past);
    const kept = this.#past.claimKept(step.path);
    const guarded = guard(step);
    if (kept !== undefined && (kept.inputHash === undefined || kept.inputHash === hashOf(input)))
      this.#giveAgain(
        keptAfter + kept.seq,
        guarded(() => step.repeat(input, kept.payload, kept.partials)),
      );
    else
      this.replay.begin(
        step,
        guarded(() => step.enter(input)),
      );
  }

  #take(step: KeptStep, input: unknown, past: PastStep): void {
    if (!isSame(past.input, input))
      return this.#keeper.mismatched(
        new JournalMismatchError(this.#runId, step.path, 'it would get another input than it had'),
      );
    const guarded = guard(step);
    if (past.kind === 'begun') return guarded(() => step.reenter(input, past))();
    step.awaits(past);
    if (!past.failed && this.#past.facts.hasUndoingBelow(step.path))
      return this.#giveAgain(
        past.seq,
        guarded(() => {
          if (!step.rewalk(input, past)) this.#past.forgetBelow(step.path);
        }),
      );
    this.#past.forgetBelow(step.path);
    this.#giveAgain(
      past.seq,
      guarded(() => step.replay(past)),
    );
  }

  admitBody(body: KeptBody, input: unknown): void {
    this.replay.goOn(
      body,
      guard(body)(() => body.runBody(input)),
    );
  }

  keep(step: KeptStep): boolean {
    const { held } = this.#line.draft;
    held.push(step);
    return this.#line.send(step);
  }

  #giveAgain(seq: number, go: () => void): void {
    this.replay.giveAgain(seq, go);
    if (this.replay.live) this.#catchUpSoon();
  }

  /** Gives again what a live run came to, when it has come to all of it. */
  #catchUpSoon(): void {
    if (this.#catchingUp) return;
    this.#catchingUp = true;
    this.#scope?.loop.pushLast(this);
  }

  advance(): void {
    const next = this.replay.next() ?? this.replay.nextPutOff();
    this.#catchingUp = false;
    if (next === undefined) return;
    this.#catchUpSoon();
    next();
  }

  check(value: unknown, what: string): void {
    if (typeof value !== 'object' || value === null) {
      if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined)
        return;
    }
    this.#keeper.check(value, `the output of ${what}`);
  }

  recall(path: string, name: string): unknown {
    return this.#past.facts.recall(path, name);
  }

  note(path: string, name: string, value: unknown): void {
    const fact = this.#past.facts.note(path, name, value, this.#nextSeq);
    if (fact !== undefined) this.#line.draft.entries.push(fact);
  }

  decide<T>(path: string, name: string, make: () => T): T {
    const { facts } = this.#past;
    if (facts.has(path, name)) return facts.recall(path, name) as T;
    const made = make();
    this.note(path, name, made);
    return made;
  }

  again(seq: number, go: () => void): void {
    // Before the event of that number, if there was one, and after all those before it.
    this.#giveAgain(seq - 0.5, go);
  }

  passOver(path: string, reserved: readonly string[], but?: string): void {
    this.#past.forgetInside(path, reserved, but);
  }

  closeBelow(path: string): void {
    for (const { path: at, step, attempt } of this.#past.openBelow(path))
      this.#scope?.tell(at, step, attempt, { type: 'step.cancelled', reason: 'no longer needed' });
  }

  hasBegun(path: string): boolean {
    return this.#past.hasBegun(path);
  }

  wasCancelled(path: string): boolean {
    return this.#past.wasCancelled(path);
  }

  hasSkipped(path: string): boolean {
    return this.#past.hasSkipped(path);
  }

  hasOpenWait(path: string): boolean {
    return this.#past.hasOpenWait(path);
  }

  opens(path: string, wait: Wait): void {
    this.#openWaits.add(path);
    this.#line.draft.opens.set(path, { ...wait, path, seq: this.#nextSeq });
  }

  consumed(number: number): void {
    this.#line.draft.consumes.push({ number, seq: this.#nextSeq });
  }

  next(event: RunEvent): void {
    const { path, seq } = event;
    this.#keeper.happened();
    this.#line.draft.events.push(event);
    this.#past.tell(event);
    if (this.#openWaits.has(path) && closing.has(event.type)) {
      this.#openWaits.delete(path);
      this.#line.close(path, seq);
    }
    if (event.type === 'step.cost') this.#line.patch({ costUsd: this.#scope?.spentUsd ?? 0 });
    if (event.type === 'run.started') this.#line.patch({ startedAt: event.at });
    if (!isEnd(event)) return this.#line.linger();
    if (event.type === 'run.completed') this.#keeper.completed(event.output);
    this.#line.patch({ ...endOf(event), endedAt: event.at, costUsd: event.costUsd });
    this.#line.send();
  }

  complete(): void {}

  get #runId(): string {
    return this.#scope?.runId ?? '';
  }

  get #nextSeq(): number {
    return this.#scope?.writer.written ?? 0;
  }

  /**
   * Steps that the definition does not come to any more. Those of items and passes may still come, as their source gives them, a
   * hedge may not be needed any more, and what undid something was only needed once.
   */
  *#lost(): Iterable<string> {
    for (const path of this.#past.unclaimed()) if (!/[[#]|!compensate|!hedge/.test(path)) yield path;
  }
}

/** What a fork keeps is given after what it has itself. */
const keptAfter = 2 ** 52;

const closing: ReadonlySet<RunEvent['type']> = new Set([
  'step.resumed',
  'step.completed',
  'step.failed',
  'step.cancelled',
  'step.retrying',
]);

function endOf(event: RunEvent): {
  state?: 'completed' | 'failed' | 'cancelled';
  output?: unknown;
  error?: ErrorRecord;
  reason?: string;
} {
  switch (event.type) {
    case 'run.completed':
      return { state: 'completed', output: event.output };
    case 'run.failed':
      return { state: 'failed', error: event.error };
    case 'run.cancelled':
      return { state: 'cancelled', reason: event.reason };
    default:
      return {};
  }
}

/** Makes what a step throws its failure. */
function guard(who: { fail(error: unknown): void }): (work: () => void) => () => void {
  return (work) => () => {
    try {
      work();
    } catch (error) {
      who.fail(error);
    }
  };
}
