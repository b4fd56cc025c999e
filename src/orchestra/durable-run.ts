import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/events.ts';
import { FrameTask } from '../core/frame.ts';
import type { KeptStep } from '../core/journal.ts';
import { cancelNote, type PreparedRun } from '../core/run-frame.ts';
import type { Facts } from '../core/scope.ts';
import type { Task } from '../core/task.ts';
import type { StoredSignal } from '../store/batch.ts';
import type { RunStore } from '../store/run-store.ts';
import type { Lease, StoredRun } from '../store/stored-run.ts';
import { CommitLine, type CommitListener } from './commit-line.ts';
import { applyControl, type Controlled, forgotten } from './controls.ts';
import type { JournalMismatchError } from './orchestra-errors.ts';
import type { Past } from './past.ts';
import { type JournalKeeper, RunJournal } from './run-journal.ts';

/** Makes the context of a session's next runs of that of a run that completed, and of its output. */
export type Carry = (context: unknown, output: unknown, workflow: string) => unknown;

/** Who runs it, and hears when it no longer does. */
export interface RunHost {
  readonly store: RunStore;
  readonly clock: Clock;
  /** The store answers at once. */
  readonly instant: boolean;
  /** How long a run that only waits stays in memory, in milliseconds. */
  readonly evictAfterMs: number;
  readonly check: JournalKeeper['check'];
  readonly carry: Carry;
  /** These events of a run are durable. */
  told(runId: string, events: readonly RunEvent[]): void;
  /** It does not run here any more; `error` says why, if that is not its end and not that it waits. */
  left(run: DurableRun, error?: unknown): void;
}

/** What an earlier life left, beside the events. */
export interface Estate {
  readonly past: Past;
  readonly openWaits: readonly string[];
  readonly signals: readonly StoredSignal[];
}

/** Makes the run, once it has a journal. */
export type Prepare = (journal: RunJournal) => PreparedRun;

/** A run that runs here, for one lease: its journal, its commits, and the signals that reach it. */
export class DurableRun implements CommitListener, Controlled, JournalKeeper {
  readonly lease: Lease;
  readonly stored: StoredRun;
  readonly journal: RunJournal;
  readonly line: CommitLine;
  readonly #host: RunHost;
  readonly #signals: readonly StoredSignal[];
  readonly #past: Past;
  #frame: PreparedRun | undefined;
  /** The number of the signal that it has not seen. */
  #nextSignal = 0;
  #reading = false;
  #unread = false;
  #eviction: { unsubscribe(): void } | undefined;
  #look: { unsubscribe(): void } | undefined;
  #waiting: boolean;
  #gone = false;
  /** The number of the first event that is not durable. */
  nextTold: number;

  constructor(host: RunHost, stored: StoredRun, lease: Lease, estate: Estate) {
    this.#host = host;
    this.stored = stored;
    this.nextTold = stored.nextSeq;
    this.lease = lease;
    this.#signals = estate.signals;
    this.#past = estate.past;
    for (const forget of forgotten(estate.signals)) estate.past.forget(forget);
    this.#waiting = stored.state === 'waiting';
    this.line = new CommitLine(host.store, lease, host.clock, host.instant, this);
    this.journal = new RunJournal(estate.past, this.line, estate.openWaits, stored.context, this);
    if (stored.state === 'paused') this.journal.pause();
  }

  get runId(): string {
    return this.stored.runId;
  }

  get check(): JournalKeeper['check'] {
    return this.#host.check;
  }

  /** Begins, or goes on where it was. */
  begin(prepare: Prepare, definition: Pick<StoredRun, 'version' | 'definitionHash'>, resumed?: string): void {
    const frame = prepare(this.journal);
    this.#frame = frame;
    this.journal.of(frame.scope);
    const { state } = this.stored;
    if (state === 'pending' || state === 'parked') this.line.patch({ state: 'running' });
    frame.begun();
    if (this.#gone) return;
    this.journal.goOn(() => {
      const { version, definitionHash } = definition;
      if (version !== this.stored.version || definitionHash !== this.stored.definitionHash)
        this.line.patch({ version, ...(definitionHash !== undefined && { definitionHash }) });
      if (resumed !== undefined) this.tellRun({ type: 'run.resumed', cause: resumed });
      const cancelled = this.journal.recall('', cancelNote);
      if (cancelled !== undefined) frame.cancelRun(String(cancelled));
    });
    this.#receive(this.#signals);
    this.mayLeave();
  }

  /** There may be new signals. */
  mail(): void {
    if (this.#gone) return;
    this.#unread = true;
    if (this.#reading) return;
    this.#reading = true;
    this.#unread = false;
    const { store } = this.#host;
    const read = (signals: readonly StoredSignal[]): void => {
      this.#reading = false;
      this.#receive(signals);
      if (this.#unread) this.mail();
    };
    try {
      const given = store.signals(this.runId, this.#nextSignal);
      if (given instanceof Promise) given.then(read, () => this.#readLater());
      else read(given);
    } catch {
      this.#readLater();
    }
  }

  #readLater(): void {
    this.#reading = false;
    this.#host.clock.after(1000, () => this.mail());
  }

  #receive(signals: readonly StoredSignal[]): void {
    for (const signal of signals) {
      if (this.#gone || signal.number < this.#nextSignal) continue;
      this.#nextSignal = signal.number + 1;
      if (signal.consumedSeq !== undefined) continue;
      this.#host.clock.wake();
      if (signal.channel === 'control') applyControl(this, signal);
      else this.#frame?.scope.mailbox.deliver(signal);
    }
  }

  /** Tells something of the run itself. */
  tellRun(facts: Facts): void {
    this.#frame?.scope.tell('', this.stored.workflow, 1, facts);
  }

  get ended(): boolean {
    return this.#frame === undefined || this.#frame.scope.writer.closed;
  }

  get nextSeq(): number {
    return this.#frame?.scope.writer.written ?? this.stored.nextSeq;
  }

  cancel(reason: string): void {
    this.#frame?.cancelRun(reason);
  }

  /** What a session has of a run that completed. */
  completed(output: unknown): void {
    const { sessionId, workflow } = this.stored;
    if (sessionId === undefined) return;
    const context = this.#host.carry(this.journal.context, output, workflow);
    if (context !== undefined) this.line.draft.session = { context };
  }

  /** Leaves when there is nothing left to do here. */
  mayLeave(): void {
    const frame = this.#frame;
    if (this.#gone || frame === undefined || !this.line.idle) return;
    if (frame.scope.writer.closed) return this.#leave();
    if (!this.#onlyWaits()) return this.#works();
    this.#eviction ??= this.#evictLater();
    if (this.journal.replay.paused || this.#waiting) return;
    this.#waiting = true;
    this.line.patch({ state: 'waiting' });
    this.line.send();
  }

  #evictLater(): { unsubscribe(): void } {
    const { clock, evictAfterMs } = this.#host;
    return clock.after(evictAfterMs, () => {
      this.#eviction = undefined;
      if (this.line.idle && this.#onlyWaits()) this.#evict();
    });
  }

  #works(): void {
    this.#eviction?.unsubscribe();
    this.#eviction = undefined;
  }

  /** It does something again, as what is written next says. */
  happened(): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    // While it is paused, it is that.
    if (!this.journal.replay.paused) this.line.patch({ state: 'running' });
  }

  /** All of it that runs waits for what the store knows of, or for the end of a pause. */
  #onlyWaits(): boolean {
    const { replay, waits } = this.journal;
    if (!replay.paused && !waits) return false;
    const stack: Task[] = [...(this.#frame?.task.children ?? [])];
    if (stack.length === 0) return false;
    for (let task = stack.pop(); task !== undefined; task = stack.pop()) {
      const { children, piece } = task;
      if (children.length > 0) {
        if (task instanceof FrameTask && task.hasTimer) return false;
        stack.push(...children);
      } else if (!(replay.isParked(piece) || (task instanceof FrameTask && task.frame.dormant))) return false;
    }
    return true;
  }

  /** Needs nobody until somebody answers or time comes. */
  #evict(): void {
    this.#frame?.abandon();
    this.line.patch({ state: this.journal.replay.paused ? 'paused' : 'waiting' });
    this.line.draft.release = true;
    this.line.send();
    if (this.line.idle) this.#leave();
  }

  told(events: readonly RunEvent[]): void {
    this.nextTold += events.length;
    this.#host.told(this.runId, events);
  }

  committed(held: readonly KeptStep[]): void {
    const loop = this.#frame?.scope.loop;
    for (const step of held) loop?.enter(() => step.durable());
    if (loop?.running !== true) this.mayLeave();
  }

  /** What was written at once was written in the middle of something: whether more is to come is looked at in a moment. */
  wrote(): void {
    this.#look ??= this.#host.clock.after(0, () => {
      this.#look = undefined;
      this.mayLeave();
    });
  }

  /** Uses up what it was asked for, which it cannot do any more; but it can be cancelled, without undoing anything. */
  #answerAll(): void {
    const asked = this.#signals.filter(
      ({ channel, consumedSeq }) => channel === 'control' && consumedSeq === undefined,
    );
    for (const { number } of asked) this.journal.consumed(number);
    const cancel = asked.find(({ name }) => name === 'cancel');
    if (cancel === undefined) return;
    const { workflow: step, runId, startedAt, costUsd } = this.stored;
    const { at } = this.#host.clock;
    const { reason } = cancel.payload as { readonly reason: string };
    const { events } = this.line.draft;
    let seq = this.nextSeq;
    for (const attempt of this.#past.open.innermostFirst)
      events.push({ type: 'step.cancelled', runId, ...attempt, at, reason, seq: seq++ });
    const totals = { durationMs: at - (startedAt ?? at), costUsd };
    events.push({ type: 'run.cancelled', runId, path: '', step, attempt: 1, at, reason, ...totals, seq });
    this.line.patch({ state: 'cancelled', reason, endedAt: at });
  }

  commitFailed(error: unknown): void {
    this.lost(error);
  }

  /** It cannot be kept as it is, and so fails; after what it does now. */
  poisoned(error: unknown): void {
    this.#host.clock.after(0, () => {
      const frame = this.#frame;
      if (!this.#gone && frame !== undefined) frame.scope.loop.enter(() => frame.fail(error));
    });
  }

  mismatched(error: JournalMismatchError): void {
    this.park(error);
  }

  /** It waits for a definition with which it can go on. */
  park(error: Error): void {
    if (this.#gone) return;
    this.#frame?.abandon();
    this.line.patch({ state: 'parked', reason: error.message });
    this.#answerAll();
    this.line.draft.release = true;
    this.line.send();
    this.#leave(error);
  }

  /** It is not ours any more: bodies are told to stop, and nothing is written. */
  lost(error?: unknown): void {
    if (this.#gone) return;
    this.line.stop();
    this.#frame?.abandon();
    this.#leave(error);
  }

  #leave(error?: unknown): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#works();
    this.#look?.unsubscribe();
    this.#host.left(this, error);
  }
}
