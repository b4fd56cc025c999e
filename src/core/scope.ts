import type { SchedulerLike } from 'rxjs';
import { type RandomSource, systemRandom } from './chance.ts';
import { Clock } from './clock.ts';
import type { Envelope, RunEvent } from './events.ts';
import type { Journal } from './journal.ts';
import { Ledger } from './ledger.ts';
import { Loop } from './loop.ts';
import { Mailbox } from './mailbox.ts';
import { newId } from './new-id.ts';
import { type EventSink, Writer } from './writer.ts';

type FactsOf<E> = E extends unknown ? Omit<E, Exclude<keyof Envelope, 'type'>> : never;

/** What an event says beyond its envelope. */
export type Facts = FactsOf<RunEvent>;

/** What a run can be given; all of it has defaults. */
export interface ScopeOptions {
  /** Default: a new UUID version 7. */
  readonly runId?: string;
  /** Groups runs; bodies read it from `ctx`. */
  readonly sessionId?: string;
  /** Whatever bodies should find in `ctx.context`. */
  readonly context?: unknown;
  /** Where time comes from; default RxJS' `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /** Where chance comes from: at least 0, less than 1. Default: the runtime's. */
  readonly random?: RandomSource;
}

/** Who keeps a run, and how far it had come in its earlier lives. */
export interface Keeping {
  readonly journal: Journal;
  /** The number of the next event. */
  readonly seq: number;
  readonly spentUsd: number;
}

/** Where a value is: the run it belongs to, and that run's services. */
export class Scope {
  readonly runId: string;
  readonly sessionId: string | undefined;
  readonly context: unknown;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly writer: Writer<RunEvent>;
  readonly loop: Loop;
  /** Of a run that is kept. */
  readonly journal: Journal | undefined;
  private counted: Ledger | undefined = undefined;
  private received: Mailbox | undefined = undefined;
  /** The scope that it was made of. */
  private origin: Scope | undefined = undefined;

  constructor(options: ScopeOptions, sink: EventSink<RunEvent>, keeping?: Keeping) {
    this.runId = options.runId ?? newId();
    this.sessionId = options.sessionId;
    this.context = options.context;
    this.clock = new Clock(options.scheduler);
    this.random = options.random ?? systemRandom;
    this.writer = new Writer(sink, undefined, keeping?.seq);
    this.loop = new Loop();
    this.journal = keeping?.journal;
    if (keeping !== undefined) this.counted = new Ledger(undefined, undefined, undefined, keeping.spentUsd);
  }

  /** What counts its costs; made when first asked for, as most runs have none. */
  get ledger(): Ledger {
    this.counted ??= new Ledger();
    return this.counted;
  }

  /** What has been sent to the run; made when first asked for. */
  get mailbox(): Mailbox {
    const first = this.origin ?? this;
    first.received ??= new Mailbox();
    return first.received;
  }

  get spentUsd(): number {
    return this.counted?.spentUsd ?? 0;
  }

  /** The same place in the same run, but for some of its services. */
  with({
    ledger = this.ledger,
    ...services
  }: Partial<Pick<Scope, 'context' | 'ledger' | 'writer' | 'loop'>>): Scope {
    const scope: Scope = Object.create(Scope.prototype);
    return Object.assign(scope, this, { counted: ledger, origin: this.origin ?? this, ...services });
  }

  /** Tells of something at a place; for what happens often, a literal handed to the writer is cheaper. */
  tell(path: string, step: string, attempt: number, facts: Facts): void {
    if (!this.writer.closed) this.writer.write(this.event(path, step, attempt, facts));
  }

  /** Tells that a step was not run, unless that was told in an earlier life of the run. */
  tellSkipped(path: string, step: string, reason: string): void {
    if (this.journal?.hasSkipped(path) !== true) this.tell(path, step, 1, { type: 'step.skipped', reason });
  }

  /** Makes the next event. */
  event(path: string, step: string, attempt: number, facts: Facts): RunEvent {
    const { type, ...rest } = facts;
    const { writer, runId, clock } = this;
    return { type, seq: writer.seq(), runId, path, step, attempt, at: clock.at, ...rest } as RunEvent;
  }
}
