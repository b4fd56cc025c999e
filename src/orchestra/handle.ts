import { filter, lastValueFrom, type Observable, reduce, toArray } from 'rxjs';
import type { RunEnded, RunEvent } from '../core/events.ts';
import type { Decision } from '../core/mailbox.ts';
import { isEnd } from '../core/output-of.ts';
import { type RunResult, resultOf } from '../core/start.ts';
import { pendingStatus, type RunStatus, reduceStatus } from '../core/status.ts';
import { StoreError } from '../store/errors.ts';
import { isEnded, type StoredRun } from '../store/stored-run.ts';
import type { Control } from './controls.ts';
import { OrchestraResult } from './orchestra-result.ts';

/** What a handle asks of its orchestra. */
export interface HandleHost {
  follow(runId: string, from: number): Observable<RunEvent>;
  run(runId: string): Promise<StoredRun>;
  /** Those that there are now. */
  told(runId: string): Observable<RunEvent>;
  send(runId: string, name: string, payload: unknown): Promise<void>;
  ask(runId: string, control: Control): Promise<void>;
  decide(runId: string, approval: string, decision: Decision): Promise<void>;
  checkpoint(runId: string, name: string | undefined): Promise<string>;
}

/**
 * A kept run, whoever runs it and wherever. Every method fails with `UnknownRunError` for a run that there is not, and those that
 * change something with `RunEndedError` for one that has ended.
 */
export class KeptRunHandle<O = unknown> {
  readonly runId: string;
  readonly #host: HandleHost;

  constructor(host: HandleHost, runId: string) {
    this.#host = host;
    this.runId = runId;
  }

  /** Everything that has happened in it, then what happens; each subscriber from the first event. */
  get events$(): Observable<RunEvent<O>> {
    return this.eventsFrom(0);
  }

  /** The same, from event `seq` on. */
  eventsFrom(seq: number): Observable<RunEvent<O>> {
    return this.#host.follow(this.runId, seq) as Observable<RunEvent<O>>;
  }

  /** How it ends. It rejects only when the store cannot be read, or the run is deleted. */
  async result(): Promise<RunResult<O>> {
    const ends = this.eventsFrom(await this.#lastSeq()).pipe(
      filter((event): event is RunEnded<O> => isEnd(event)),
    );
    return resultOf(await lastValueFrom(ends));
  }

  /** An event before which it had not ended. A store that cannot be read now is read later, from the first event on. */
  async #lastSeq(): Promise<number> {
    try {
      const { state, nextSeq } = await this.#host.run(this.runId);
      return isEnded(state) ? nextSeq - 1 : nextSeq;
    } catch (error) {
      if (error instanceof StoreError && error.retryable) return 0;
      throw error;
    }
  }

  /**
   * How it stands: state, steps, cost in US dollars, duration in milliseconds, as its events tell; and whether all that is under way in
   * it waits, or it is parked, as the store knows. A step that waits says for what, since when, and when that is due.
   */
  async status(): Promise<RunStatus> {
    const status = await lastValueFrom(
      this.#host.told(this.runId).pipe(reduce(reduceStatus, pendingStatus)),
      { defaultValue: pendingStatus },
    );
    const { state, reason, nextSeq } = await this.#host.run(this.runId);
    const isOfNow = status.seq === nextSeq - 1 && (state === 'waiting' || state === 'parked');
    return isOfNow ? status.as(state, reason) : status;
  }

  /** The run as a whole: how it ended, or how far it has come, with its branches and what it used. */
  async report(): Promise<OrchestraResult<O>> {
    const { sessionId } = await this.#host.run(this.runId);
    const events = await lastValueFrom(this.#host.told(this.runId).pipe(toArray()));
    return new OrchestraResult<O>(events, sessionId);
  }

  /** What runs goes on to its end, nothing new begins. A run that is paused already stays as it is. Event: `run.paused`. */
  pause(reason = 'paused'): Promise<void> {
    return this.#host.ask(this.runId, { name: 'pause', payload: { reason } });
  }

  /**
   * Lets a paused run go on, in whichever process.
   *
   * Event: `run.resumed` with the cause.
   *
   * Errors: `RunStateError` for a run that is not paused.
   *
   * @param extra what bodies find in `ctx.context` from now on: a record is added to the context, anything else takes its place
   */
  resume(extra?: unknown, cause = 'resumed'): Promise<void> {
    const more = extra === undefined ? {} : { extra };
    return this.#host.ask(this.runId, { name: 'resume', payload: { cause, ...more } });
  }

  /**
   * Ends it gracefully: bodies are told to stop, completed work is undone where it says how, what it cost is kept.
   *
   * Event: `run.cancelled`, when all that is done.
   */
  cancel(reason = 'cancelled'): Promise<void> {
    return this.#host.ask(this.runId, { name: 'cancel', payload: { reason } });
  }

  /** Sends it something that it waits for, or will: see `waitFor`. Errors: `NonSerializableOutputError` for what cannot be kept. */
  signal(name: string, payload?: unknown): Promise<void> {
    return this.#host.send(this.runId, name, payload);
  }

  /** Asks a further question of a run that waits for one, or will; see `followUps`. */
  followUp(question: unknown): Promise<void> {
    return this.signal('followUp', question);
  }

  /** Says yes to an approval that it waits for. Errors: `StaleApprovalError`. */
  approve(approval: string, by: Omit<Decision, 'approved'> = {}): Promise<void> {
    return this.#host.decide(this.runId, approval, { ...by, approved: true });
  }

  /** Says no to an approval that it waits for. Errors: `StaleApprovalError`. */
  reject(approval: string, by: Omit<Decision, 'approved'> = {}): Promise<void> {
    return this.#host.decide(this.runId, approval, { ...by, approved: false });
  }

  /** Gives the present moment of the run an id, and a name, to restore it from. Event: `checkpoint.saved`. */
  checkpoint(name?: string): Promise<string> {
    return this.#host.checkpoint(this.runId, name);
  }
}
