import type { Observable, SchedulerLike } from 'rxjs';
import type { RandomSource } from '../core/chance.ts';
import { checkOptions } from '../core/check-given.ts';
import { Clock } from '../core/clock.ts';
import { type Duration, toMs } from '../core/duration.ts';
import { newId } from '../core/new-id.ts';
import { prepare } from '../core/run.ts';
import type { AnyStep, Step } from '../core/step-types.ts';
import type { Seed } from '../store/batch.ts';
import { UnknownRunError } from '../store/errors.ts';
import { packer } from '../store/pack.ts';
import type {
  Awaitable,
  CreatedRun,
  RunFilter,
  RunPage,
  RunStore,
  StoredSession,
} from '../store/run-store.ts';
import type { NewRun, StoredRun } from '../store/stored-run.ts';
import type { Carry } from './durable-run.ts';
import { type ForkPlan, forkOf } from './forks.ts';
import { KeptRunHandle } from './handle.ts';
import { RunStateError, UnknownCheckpointError } from './orchestra-errors.ts';
import { Post } from './post.ts';
import { Runner, type RunTrouble } from './runner.ts';
import { whenGiven } from './when-given.ts';
import { type KnownWorkflow, type Reopen, Workflows } from './workflows.ts';

export interface OrchestraOptions {
  readonly store: RunStore;
  /** What it runs, and takes up again: workflows, or any steps, each under its id. */
  readonly workflows?: readonly AnyStep[];
  /** Makes the workflows of runs again that were started with a `definition`: in place of what has their name here. */
  readonly reopen?: Reopen;
  /** How long a run is its own without a sign of life, for other processes. Default: 30 s. */
  readonly lease?: Duration;
  /** How often it looks for runs to take up: whose owner is gone, whose wait is due or answered. Default: 1 s; `false`: only when asked. */
  readonly recoverEvery?: Duration | false;
  /** How long a run that only waits stays in memory. Default: 10 s. */
  readonly evictAfter?: Duration;
  /** How many bytes an output may take as written down. Default: 8 MiB. */
  readonly maxValueBytes?: number;
  /** Makes a session's context for its next runs, when one completes. Default: the context of the run, with what it was given on resuming. */
  readonly carry?: Carry;
  /** Where time comes from; default RxJS' `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  readonly random?: RandomSource;
}

/** How a run is to be started. */
export interface KeptRunOptions {
  /** Default: a new UUID version 7. */
  readonly runId?: string;
  /** The same key, with the same workflow and input, gives the same run. */
  readonly idempotencyKey?: string;
  /** Groups runs, and gives them the session's context. */
  readonly sessionId?: string;
  /** Whatever bodies should find in `ctx.context`. Default: the session's. */
  readonly context?: unknown;
  /** What `reopen` makes the workflow of in another process, such as the text of a file. It is kept with the run, and its forks. */
  readonly definition?: unknown;
}

/**
 * Keeps runs in a store, so that they go on when their process has ended: here, or in another process.
 *
 * What has happened in a run is written down before anybody hears of it. A step that completed never runs again; one that was
 * running when its process ended is tried again, or fails, as its `onCrash` says.
 *
 * ```ts
 * import { step, workflow } from 'tutti';
 * import { Orchestra } from 'tutti/orchestra';
 * import { memoryStore } from 'tutti/store';
 *
 * const greet = workflow({ name: 'greeting', version: '1' }, step('greet', (name: string) => `Hello ${name}`));
 * const orchestra = new Orchestra({ store: memoryStore(), workflows: [greet] });
 * const handle = await orchestra.start(greet, 'you');
 * console.log(await handle.result()); // { state: 'completed', output: 'Hello you', ... }
 * await orchestra.close();
 * ```
 */
export class Orchestra {
  readonly #store: RunStore;
  readonly #workflows: Workflows;
  readonly #clock: Clock;
  readonly #runner: Runner;
  readonly #post: Post;

  constructor(options: OrchestraOptions) {
    checkOptions<OrchestraOptions>('Orchestra', options, {
      store: 'object',
      workflows: 'object',
      reopen: 'function',
      lease: 'any',
      recoverEvery: 'any',
      evictAfter: 'any',
      maxValueBytes: 'number',
      scheduler: 'any',
      random: 'function',
      carry: 'function',
    });
    const { store, workflows = [], lease = '30s', recoverEvery = '1s', evictAfter = '10s' } = options;
    const { maxValueBytes, scheduler, random, carry, reopen } = options;
    const pack = packer(maxValueBytes === undefined ? {} : { maxValueBytes });
    this.#store = store;
    this.#workflows = new Workflows(workflows, reopen);
    this.#clock = new Clock(scheduler);
    this.#runner = new Runner({
      ...{ store, scheduler, random, workflows: this.#workflows, clock: this.#clock },
      leaseMs: toMs(lease, 'Orchestra: lease'),
      evictAfterMs: toMs(evictAfter, 'Orchestra: evictAfter'),
      recoverMs: recoverEvery === false ? undefined : toMs(recoverEvery, 'Orchestra: recoverEvery'),
      check: (value, what) => void pack.value(what, value),
      carry: carry ?? ((context) => context),
    });
    this.#post = new Post(this.#runner);
  }

  /**
   * Runs that could not go on here: a lease was lost, a definition does not fit, the store failed for good. It is hot and tells
   * nothing of the past; it never fails, and completes never.
   */
  get troubles$(): Observable<RunTrouble> {
    return this.#runner.troubles$;
  }

  /**
   * Starts a run, and keeps it. The handle is there as soon as it is written down that there is the run.
   *
   * Events: `run.started`, unless the idempotency key gives a run that has begun.
   *
   * Errors: `DefinitionError` for another workflow under a known name; `InputValidationError` before anything is written; `RunExistsError` for a known run id; `IdempotencyConflictError` for a known
   * key with another workflow or input; `NonSerializableOutputError` and `ValueTooLargeError` for an input that cannot be kept.
   */
  async start<I, O, P>(
    step: Step<I, O, P>,
    input: NoInfer<I>,
    options: KeptRunOptions = {},
  ): Promise<KeptRunHandle<O>> {
    checkOptions<KeptRunOptions>('start', options, {
      runId: 'string',
      idempotencyKey: 'string',
      sessionId: 'string',
      context: 'any',
      definition: 'any',
    });
    const workflow = this.#workflows.add(step, options.definition);
    // Refused before anything is written.
    prepare(step, input, {});
    const runId = options.runId ?? newId();
    const { context } = options;
    const made = await whenGiven(this.#contextOf(options.sessionId, context), (known) =>
      this.#create({ ...options, context: known, runId, input, workflow }, {}),
    );
    return new KeptRunHandle<O>(this.#post, made);
  }

  /** A handle on a run, whether there is such a run or not. */
  handle<O = unknown>(runId: string): KeptRunHandle<O> {
    return new KeptRunHandle<O>(this.#post, runId);
  }

  /** How a run stands in the store; nothing for one that there is not. */
  async get(runId: string): Promise<StoredRun | undefined> {
    return this.#store.get(runId);
  }

  /** Runs, those created last first, in pages of `limit` (default 50, at most 1000); `next` is the `after` of the next page. */
  async list(filter?: RunFilter): Promise<RunPage> {
    return this.#store.list(filter);
  }

  /**
   * A new run with what a checkpoint holds: results, unused signals and the times of timers up to its moment.
   *
   * Events, of the new run: `step.completed` with the source `journal` for what is kept.
   *
   * Errors: `UnknownCheckpointError`, `UnknownRunError`.
   */
  async restore(checkpointId: string): Promise<KeptRunHandle> {
    const checkpoint = await this.#store.checkpoint(checkpointId);
    if (checkpoint === undefined) throw new UnknownCheckpointError(checkpointId);
    return this.#fork(checkpoint.runId, { kind: 'restore', seq: checkpoint.seq });
  }

  /**
   * A new run that keeps what had completed before the step at path `from` first began, and runs all else again. With another
   * `input`, what depends on it runs again too.
   *
   * Errors: `UnknownRunError`; `UnknownStepError` for a path at which nothing has begun.
   */
  async fork(
    runId: string,
    { from, input }: { readonly from: string; readonly input?: unknown },
  ): Promise<KeptRunHandle> {
    return this.#fork(runId, { kind: 'from', path: from, ...(input !== undefined && { input }) });
  }

  /**
   * A new run that keeps all that completed, and runs what failed again.
   *
   * Errors: `UnknownRunError`; `RunStateError` for a run that has neither failed nor been cancelled.
   */
  async retryFailed(runId: string): Promise<KeptRunHandle> {
    const run = await this.#known(runId);
    if (run.state !== 'failed' && run.state !== 'cancelled')
      throw new RunStateError(runId, run.state, 'retryFailed', ['failed', 'cancelled']);
    return this.#fork(runId, { kind: 'failed' });
  }

  /**
   * Lets a parked run try the present definition. What is journalled at the paths of `forget` and below them need not exist any
   * more.
   *
   * Errors: `UnknownRunError`; `RunStateError` for a run that is not parked. If it does not fit again, that is told by `troubles$`.
   */
  async migrate(runId: string, { forget = [] }: { readonly forget?: readonly string[] } = {}): Promise<void> {
    const run = await this.#known(runId);
    if (run.state !== 'parked') throw new RunStateError(runId, run.state, 'migrate', ['parked']);
    await this.#post.ask(runId, { name: 'migrate', payload: { forget } });
  }

  /** What is carried from run to run of a session; nothing for a session that there is not. */
  async session(sessionId: string): Promise<StoredSession | undefined> {
    return this.#store.session(sessionId);
  }

  /**
   * Takes up one run, if nobody runs it and its workflow is known. Says whether it runs here now; what kept it from that is among the
   * troubles.
   */
  async take(runId: string): Promise<boolean> {
    if (this.#runner.has(runId)) return true;
    const run = await this.#store.get(runId);
    return this.#runner.take(runId, run?.state === 'running' ? 'recovered' : undefined);
  }

  /**
   * Takes up every run that nobody runs and that has something to do: whose owner is gone, whose wait is due or answered, of which
   * something is asked. Gives their ids. It happens by itself every `recoverEvery`.
   *
   * Events: `run.resumed` with the cause `recovered` for a run whose owner was gone.
   */
  recover(): Promise<readonly string[]> {
    return this.#runner.recover();
  }

  /** Deletes all that is kept of a run; one that is running is ended at once, without an event. Says whether there was such a run. */
  async delete(runId: string): Promise<boolean> {
    this.#runner.drop(runId);
    return this.#store.delete(runId);
  }

  /** Deletes runs that ended longer ago than a duration, the earliest first, at most 1000 at once. Gives how many. */
  async prune(olderThan: Duration): Promise<number> {
    const endedBefore = this.#clock.now() - toMs(olderThan, 'prune');
    return this.#store.prune({ endedBefore });
  }

  /** Stops running here: bodies are told to stop, and other processes may take the runs up at once. The store is closed as well. */
  async close(): Promise<void> {
    await this.#runner.close();
    await this.#store.close();
  }

  #contextOf(sessionId: string | undefined, context: unknown): Awaitable<unknown> {
    if (context !== undefined || sessionId === undefined) return context;
    return whenGiven(this.#store.session(sessionId), (session) => session?.context);
  }

  #create(
    run: Pick<NewRun, 'runId' | 'input' | 'forkedFrom'> & KeptRunOptions & { workflow: KnownWorkflow },
    seed: Seed,
  ): Awaitable<string> {
    const { runId, input, workflow, idempotencyKey, sessionId, context, definition, forkedFrom } = run;
    const { name, version, hash } = workflow;
    const given = this.#store.create(
      {
        runId,
        input,
        ...(idempotencyKey !== undefined && { idempotencyKey }),
        ...(sessionId !== undefined && { sessionId }),
        ...(context !== undefined && { context }),
        ...(definition !== undefined && { definition }),
        ...(forkedFrom !== undefined && { forkedFrom }),
        requestId: newId(),
        workflow: name,
        version,
        definitionHash: hash,
        createdAt: this.#clock.now(),
        lease: this.#runner.request,
      },
      seed,
    );
    this.#runner.instant = !(given instanceof Promise);
    return whenGiven(given, (made) => this.#made(made, workflow, seed));
  }

  #made({ run, created, lease }: CreatedRun, workflow: KnownWorkflow, seed: Seed): Awaitable<string> {
    if (!created || lease === undefined) return run.runId;
    if (Object.keys(seed).length === 0) {
      this.#runner.openNew(run, lease, workflow);
      return run.runId;
    }
    return whenGiven(this.#runner.open(run, lease, workflow), () => run.runId);
  }

  async #fork(runId: string, plan: ForkPlan): Promise<KeptRunHandle> {
    const origin = await this.#known(runId);
    const workflow = await this.#workflows.need(origin);
    const { input, seed, seq, signals } = await forkOf(this.#store, origin, plan);
    const { sessionId, context, definition } = origin;
    const made = await this.#create(
      {
        runId: newId(),
        input,
        forkedFrom: { runId, seq },
        workflow,
        ...(sessionId && { sessionId }),
        ...{ context, definition },
      },
      seed,
    );
    for (const { name, payload } of signals) await this.#post.send(made, name, payload);
    return this.handle(made);
  }

  async #known(runId: string): Promise<StoredRun> {
    const run = await this.#store.get(runId);
    if (run === undefined) throw new UnknownRunError(runId);
    return run;
  }
}
