import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/events.ts';
import type { KeptStep } from '../core/journal.ts';
import type {
  Batch,
  Checkpoint,
  ClosedWait,
  ConsumedSignal,
  JournalEntry,
  OpenedWait,
  ResumeExtra,
} from '../store/batch.ts';
import { StoreError } from '../store/errors.ts';
import type { RunStore } from '../store/run-store.ts';
import type { Lease, RunPatch } from '../store/stored-run.ts';
import { isOfValue, writable } from './writable.ts';

/** Who hears what became of what was written. */
export interface CommitListener {
  /** These events are durable. */
  told(events: readonly RunEvent[]): void;
  /** A commit is durable, and with it the ends of these steps. Not told of what was durable at once, but to who asked. */
  committed(held: readonly KeptStep[]): void;
  /** What was to be written had a value that cannot be kept, and was written without it. */
  poisoned(error: unknown): void;
  /** Writes a value down, or throws what says why that cannot be. */
  readonly check: (value: unknown, what: string) => void;
  /** A commit was durable at once. */
  wrote(): void;
  /** Nothing more can be written: the lease is lost, or the store does not take what it is given. */
  commitFailed(error: unknown): void;
}

const none: readonly never[] = [];

/** What waits to be written. */
class Draft {
  readonly events: RunEvent[] = [];
  readonly entries: JournalEntry[] = [];
  readonly opens = new Map<string, OpenedWait>();
  readonly closes: ClosedWait[] = [];
  readonly consumes: ConsumedSignal[] = [];
  readonly checkpoints: Checkpoint[] = [];
  readonly extras: ResumeExtra[] = [];
  /** Whose ends it holds. */
  readonly held: KeptStep[] = [];
  run: RunPatch = {};
  session: Batch['session'];
  release = false;
  empty = true;

  toBatch(number: number): Batch {
    const { events, entries, closes, consumes, checkpoints, extras, run, session, release } = this;
    const opens = this.opens.size === 0 ? none : [...this.opens.values()];
    const batch = { number, run, events, entries, opens, closes, consumes, checkpoints, extras };
    // Copying is what most commits need not pay for.
    if (session === undefined && !release) return batch;
    return { ...batch, ...(session !== undefined && { session }), ...(release && { release }) };
  }
}

/** How long to wait before a write is tried again, in milliseconds: doubled each time, up to the last. */
const firstDelayMs = 50;
const longestDelayMs = 5000;

/** How long events that nobody waits for may stay unwritten, in milliseconds, and how many of them. */
const lingerMs = 5;
const lingerEvents = 256;

/**
 * Writes what happens in a run, one commit after another. While one is under way, what comes is gathered for the next. A write that
 * fails is tried again as it was, until the store says that it never will succeed.
 */
export class CommitLine {
  readonly #store: RunStore;
  readonly #lease: Lease;
  readonly #clock: Clock;
  readonly #listener: CommitListener;
  /** The store answers at once, so that everything is told at once. */
  readonly #instant: boolean;
  #draft = new Draft();
  #number = 0;
  #underWay = false;
  #urgent = false;
  #lingering: { unsubscribe(): void } | undefined;
  #retrial: { unsubscribe(): void } | undefined;
  #over = false;

  constructor(store: RunStore, lease: Lease, clock: Clock, instant: boolean, listener: CommitListener) {
    this.#store = store;
    this.#lease = lease;
    this.#clock = clock;
    this.#instant = instant;
    this.#listener = listener;
  }

  /** Nothing waits to be written, and nothing is being written. */
  get idle(): boolean {
    return !this.#underWay && this.#draft.empty;
  }

  /** What is written next; whatever is put in it. */
  get draft(): Draft {
    this.#draft.empty = false;
    return this.#draft;
  }

  patch(patch: RunPatch): void {
    const { draft } = this;
    draft.run = { ...draft.run, ...patch };
  }

  close(path: string, seq: number): void {
    const { draft } = this;
    if (!draft.opens.delete(path)) draft.closes.push({ path, seq });
  }

  /**
   * There is something to write that nobody waits for. The timer is left to run when all is written before: a run of short steps
   * would set one and take it back at each of them.
   */
  linger(): void {
    if (this.#instant || this.#draft.events.length >= lingerEvents) this.send();
    else if (!this.#underWay)
      this.#lingering ??= this.#clock.after(lingerMs, () => {
        this.#lingering = undefined;
        if (!this.#underWay) this.send();
      });
  }

  /**
   * Writes all there is, now or as soon as what is being written is. True when it is durable.
   *
   * @param asker hears of it by the answer
   */
  send(asker?: KeptStep): boolean {
    if (this.#over) return false;
    if (this.#underWay) {
      this.#urgent = true;
      return false;
    }
    if (this.#draft.empty) return true;
    const { held } = this.#draft;
    const batch = this.#draft.toBatch(++this.#number);
    this.#draft = new Draft();
    if (!this.#write(batch, held, 0)) return false;
    // Others may have been waiting for a write that was under way.
    const others = held.filter((step) => step !== asker);
    if (others.length > 0) this.#listener.committed(others);
    return true;
  }

  /** Writes nothing more. */
  stop(): void {
    this.#over = true;
    this.#lingering?.unsubscribe();
    this.#retrial?.unsubscribe();
  }

  #write(batch: Batch, held: readonly KeptStep[], tries: number): boolean {
    this.#underWay = true;
    let written: void | Promise<void>;
    try {
      written = this.#store.commit(this.#lease, batch);
    } catch (error) {
      this.#failed(batch, held, tries, error);
      return false;
    }
    if (written === undefined) {
      this.#underWay = false;
      this.#tell(batch);
      this.#listener.wrote();
      return true;
    }
    written.then(
      () => this.#written(batch, held),
      (error: unknown) => this.#failed(batch, held, tries, error),
    );
    return false;
  }

  #tell({ events }: Batch): void {
    if (events !== undefined && events.length > 0) this.#listener.told(events);
  }

  #written(batch: Batch, held: readonly KeptStep[]): void {
    this.#underWay = false;
    if (this.#over) return;
    this.#clock.wake();
    this.#tell(batch);
    this.#goOn(held);
  }

  /** What waited for a write that is durable now goes on, and what came meanwhile is written. */
  #goOn(held: readonly KeptStep[]): void {
    this.#listener.committed(held);
    if (this.#underWay) return;
    if (this.#urgent) {
      this.#urgent = false;
      this.send();
    } else if (!this.#draft.empty) this.linger();
  }

  #failed(batch: Batch, held: readonly KeptStep[], tries: number, error: unknown): void {
    if (this.#over) return;
    if (isOfValue(error) && tries >= 0) return this.#writeWithout(batch, held, error);
    if (!(error instanceof StoreError && error.retryable)) {
      this.#underWay = false;
      this.#listener.commitFailed(error);
      return;
    }
    const delayMs = Math.min(firstDelayMs * 2 ** Math.min(Math.max(tries, 0), 20), longestDelayMs);
    this.#retrial = this.#clock.after(delayMs, () => {
      if (this.#write(batch, held, tries + 1)) this.#goOn(held);
    });
  }

  /** What cannot be kept would be refused for ever: it is left out, once, and the run is told why. */
  #writeWithout(batch: Batch, held: readonly KeptStep[], error: unknown): void {
    const { check } = this.#listener;
    const less = writable(batch, (value) => check(value, 'a value'));
    if (this.#write(less, held, -1)) this.#goOn(held);
    this.#listener.poisoned(error);
  }
}
