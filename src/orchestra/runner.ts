import { type Observable, type SchedulerLike, Subject } from 'rxjs';
import type { RandomSource } from '../core/chance.ts';
import type { Clock } from '../core/clock.ts';
import { asError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import { newId } from '../core/new-id.ts';
import { prepare } from '../core/run.ts';
import { LeaseLostError, RunEndedError, UnknownRunError } from '../store/errors.ts';
import type { Awaitable, RunStore } from '../store/run-store.ts';
import { isEnded, type Lease, type LeaseRequest, type StoredRun } from '../store/stored-run.ts';
import { allClaimable } from './all-claimable.ts';
import { type Carry, DurableRun, type Estate, type RunHost } from './durable-run.ts';
import { estateOf, newEstate } from './opening.ts';
import { attempt, whenGiven } from './when-given.ts';
import type { KnownWorkflow, Workflows } from './workflows.ts';

/** A run that could not go on here, and why; `runId` is `''` where that is true of all. */
export interface RunTrouble {
  readonly runId: string;
  readonly error: unknown;
}

/** What a runner is made of. Times in milliseconds. */
export interface RunnerOptions {
  readonly store: RunStore;
  readonly workflows: Workflows;
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly evictAfterMs: number;
  /** How often to look for runs to take up; not at all without it. */
  readonly recoverMs: number | undefined;
  readonly check: RunHost['check'];
  readonly carry: Carry;
  readonly scheduler: SchedulerLike | undefined;
  readonly random: RandomSource | undefined;
}

/** Who wants to hear at once of what is durable of a run that runs here. */
export interface RunListener {
  told(events: readonly RunEvent[]): void;
  /** It runs here no more: what happens now is to be read. */
  left(): void;
}

/** How long a run waits, in milliseconds, after a write, before it looks for signals from elsewhere. */
const mailEveryMs = 50;

/** Runs the runs whose leases this process has: takes them up, keeps their leases, and gives them up. */
export class Runner implements RunHost {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly evictAfterMs: number;
  readonly check: RunHost['check'];
  readonly carry: Carry;
  /** The store answers at once, as far as is known. */
  instant = false;
  readonly #options: RunnerOptions;
  readonly #owner = newId();
  readonly #live = new Map<string, DurableRun>();
  readonly #watches = new Map<string, { unsubscribe(): void }>();
  readonly #opening = new Set<string>();
  readonly #listeners = new Map<string, Set<RunListener>>();
  readonly #troubles = new Subject<RunTrouble>();
  #renewal: { unsubscribe(): void } | undefined;
  #looking: { unsubscribe(): void } | undefined;
  #closed = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.store = options.store;
    this.clock = options.clock;
    this.evictAfterMs = options.evictAfterMs;
    this.check = options.check;
    this.carry = options.carry;
    this.#lookSoon();
  }

  get troubles$(): Observable<RunTrouble> {
    return this.#troubles;
  }

  /** It runs here, and whoever listens hears of it. */
  has(runId: string): boolean {
    return this.#live.has(runId);
  }

  /** Of a run that runs here: the number of the first event that its listeners have not heard. */
  nextTold(runId: string): number | undefined {
    return this.#live.get(runId)?.nextTold;
  }

  /** Gives a function that ends the listening. */
  listen(runId: string, listener: RunListener): () => void {
    const listeners = this.#listeners.get(runId) ?? new Set();
    this.#listeners.set(runId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(runId);
    };
  }

  told(runId: string, events: readonly RunEvent[]): void {
    for (const listener of this.#listeners.get(runId) ?? []) listener.told(events);
  }

  /** What a lease of this process is asked for with. */
  get request(): LeaseRequest {
    return { owner: this.#owner, ms: this.#options.leaseMs };
  }

  /**
   * Runs a run that has just been made with a lease, and with nothing else. What somebody has sent it since is read soon after its first
   * commit, as its watch tells of that.
   */
  openNew(stored: StoredRun, lease: Lease, workflow: KnownWorkflow): void {
    this.#run(stored, lease, workflow, newEstate(), undefined);
  }

  /** Runs what a lease was given for, from where it was left. */
  open(stored: StoredRun, lease: Lease, workflow: KnownWorkflow, resumed?: string): Awaitable<void> {
    return whenGiven(estateOf(this.store, stored.runId), (estate) =>
      this.#run(stored, lease, workflow, estate, resumed),
    );
  }

  #run(
    stored: StoredRun,
    lease: Lease,
    { step, version, hash }: KnownWorkflow,
    estate: Estate,
    resumed: string | undefined,
  ): void {
    if (this.#closed) return;
    const run = new DurableRun(this, stored, lease, estate);
    this.#live.set(stored.runId, run);
    this.#watch(run);
    this.#renewSoon();
    const { runId, sessionId, input, nextSeq: seq, costUsd: spentUsd } = stored;
    const { scheduler, random } = this.#options;
    const options = {
      runId,
      ...(sessionId !== undefined && { sessionId }),
      ...(scheduler !== undefined && { scheduler }),
      ...(random !== undefined && { random }),
    };
    try {
      run.begin(
        (journal) => prepare(step, input, options, { journal, seq, spentUsd })(journal),
        { version, definitionHash: hash },
        estate.past.startedAt === undefined ? undefined : resumed,
      );
    } catch (error) {
      // Its input is not what the workflow takes now.
      run.park(asError(error));
    }
  }

  /** Takes up a run, if nobody has it and its workflow is known here. Says whether it did. */
  take(runId: string, resumed?: string): Awaitable<boolean> {
    if (this.#live.has(runId) || this.#opening.has(runId) || this.#closed) return false;
    this.#opening.add(runId);
    const taken = attempt(
      () => {
        const given = this.store.get(runId);
        this.instant = !(given instanceof Promise);
        return whenGiven(given, (run) => this.#lease(run, resumed));
      },
      (error) => this.#refused(runId, error),
    );
    return whenGiven(taken, (did) => {
      this.#opening.delete(runId);
      return did;
    });
  }

  #lease(run: StoredRun | undefined, resumed: string | undefined): Awaitable<boolean> {
    if (run === undefined || isEnded(run.state)) return false;
    return whenGiven(this.#options.workflows.of(run), (workflow) =>
      workflow === undefined ? false : this.#takeAs(run.runId, workflow, resumed),
    );
  }

  #takeAs(runId: string, workflow: KnownWorkflow, resumed: string | undefined): Awaitable<boolean> {
    return whenGiven(this.store.take(runId, this.request), (lease) => {
      if (lease === undefined) return false;
      // It may have gone on since it was looked at.
      return whenGiven(this.store.get(runId), (now) =>
        now === undefined ? false : whenGiven(this.open(now, lease, workflow, resumed), () => true),
      );
    });
  }

  #refused(runId: string, error: unknown): boolean {
    if (!(error instanceof RunEndedError || error instanceof UnknownRunError))
      this.#troubles.next({ runId, error });
    return false;
  }

  /** Has the signals of a run looked at, if it runs here, or if nobody runs it. */
  mail(runId: string): Awaitable<unknown> {
    const run = this.#live.get(runId);
    if (run === undefined) return this.take(runId);
    run.mail();
    return undefined;
  }

  /** Takes up every run that nobody runs and that has something to do. Gives their ids. */
  async recover(): Promise<readonly string[]> {
    const taken: string[] = [];
    for await (const { runId, because } of allClaimable(this.store))
      if (await this.take(runId, because === 'orphaned' ? 'recovered' : undefined)) taken.push(runId);
    return taken;
  }

  /** Ends a run here at once, and writes nothing of it. */
  drop(runId: string): void {
    this.#live.get(runId)?.lost();
  }

  /** Runs nothing any more. What it had can be taken up at once by others. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#looking?.unsubscribe();
    this.#renewal?.unsubscribe();
    const live = [...this.#live.values()];
    for (const run of live) run.lost();
    await Promise.all(live.map(({ lease }) => this.store.release(lease)));
  }

  left(run: DurableRun, error: unknown): void {
    const { runId } = run;
    if (this.#live.get(runId) !== run) return;
    this.#live.delete(runId);
    this.#watches.get(runId)?.unsubscribe();
    this.#watches.delete(runId);
    for (const listener of this.#listeners.get(runId) ?? []) listener.left();
    if (error !== undefined) this.#troubles.next({ runId, error });
    if (this.#live.size > 0) return;
    this.#renewal?.unsubscribe();
    this.#renewal = undefined;
  }

  #watch(run: DurableRun): void {
    let due: { unsubscribe(): void } | undefined;
    const watching = this.store.watch(run.runId).subscribe(() => {
      // Who sends a signal by this process tells of it.
      if (this.instant) return;
      due ??= this.clock.after(mailEveryMs, () => {
        due = undefined;
        run.mail();
      });
    });
    watching.add(() => due?.unsubscribe());
    this.#watches.set(run.runId, watching);
  }

  #renewSoon(): void {
    this.#renewal ??= this.clock.after(this.#options.leaseMs / 3, () => {
      this.#renewal = undefined;
      this.#renew().catch((error: unknown) => this.#troubles.next({ runId: '', error }));
    });
  }

  async #renew(): Promise<void> {
    if (this.#live.size === 0) return;
    this.#renewSoon();
    const live = new Map(this.#live);
    const leases = [...live.values()].map(({ lease }) => lease);
    for (const runId of await this.store.renew(leases, this.#options.leaseMs)) {
      const run = live.get(runId);
      // It may have been left meanwhile, and even been taken up again.
      if (run !== undefined && this.#live.get(runId) === run)
        run.lost(new LeaseLostError(runId, run.lease.epoch));
    }
  }

  #lookSoon(): void {
    const { recoverMs } = this.#options;
    if (recoverMs === undefined || this.#closed) return;
    this.#looking = this.clock.after(recoverMs, () => {
      this.recover()
        .catch((error: unknown) => this.#troubles.next({ runId: '', error }))
        .finally(() => this.#lookSoon());
    });
  }
}
