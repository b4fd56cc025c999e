import type { SchedulerLike } from 'rxjs';
import { type RandomSource, systemRandom } from './chance.ts';
import { Clock } from './clock.ts';
import type { Envelope, RunEvent } from './events.ts';
import { Ledger } from './ledger.ts';
import { Loop } from './loop.ts';
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

/** Where a value is: the run it belongs to, and that run's services. */
export class Scope {
  readonly runId: string;
  readonly sessionId: string | undefined;
  readonly context: unknown;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly writer: Writer<RunEvent>;
  readonly loop: Loop;
  private counted: Ledger | undefined = undefined;

  constructor(options: ScopeOptions, sink: EventSink<RunEvent>) {
    this.runId = options.runId ?? newId();
    this.sessionId = options.sessionId;
    this.context = options.context;
    this.clock = new Clock(options.scheduler);
    this.random = options.random ?? systemRandom;
    this.writer = new Writer(sink);
    this.loop = new Loop();
  }

  /** What counts its costs; made when first asked for, as most runs have none. */
  get ledger(): Ledger {
    this.counted ??= new Ledger();
    return this.counted;
  }

  get spentUsd(): number {
    return this.counted?.spentUsd ?? 0;
  }

  /** The same place in the same run, but for some of its services. */
  with({ ledger = this.ledger, ...services }: Partial<Pick<Scope, 'ledger' | 'writer' | 'loop'>>): Scope {
    const scope: Scope = Object.create(Scope.prototype);
    return Object.assign(scope, this, { counted: ledger, ...services });
  }

  /** Tells of something at a place; for what happens often, a literal handed to the writer is cheaper. */
  tell(path: string, step: string, attempt: number, facts: Facts): void {
    if (!this.writer.closed) this.writer.write(this.event(path, step, attempt, facts));
  }

  /** Makes the next event. */
  event(path: string, step: string, attempt: number, facts: Facts): RunEvent {
    const { type, ...rest } = facts;
    const { writer, runId, clock } = this;
    return { type, seq: writer.seq(), runId, path, step, attempt, at: clock.at, ...rest } as RunEvent;
  }
}
