import { asyncScheduler, type Observable } from 'rxjs';
import type { RunEvent } from '../../core/events.ts';
import type { Batch, Journal, NewSignal, Seed, StoredCheckpoint, StoredSignal } from '../batch.ts';
import {
  IdempotencyConflictError,
  LeaseLostError,
  RunEndedError,
  RunExistsError,
  StoreConflictError,
  StoreError,
  UnknownRunError,
} from '../errors.ts';
import { hashInput, type Pack, packer, type StoreOptions, unpack } from '../pack.ts';
import { type PackedBatch, packBatch } from '../packed.ts';
import { checkLimit, cursorAfter, readCursor } from '../page.ts';
import { readEvent } from '../read-events.ts';
import type {
  ClaimableRun,
  CreatedRun,
  EventRange,
  Retention,
  RunFilter,
  RunPage,
  RunStore,
  StoredSession,
} from '../run-store.ts';
import {
  endedStates,
  isEnded,
  type Lease,
  type LeaseRequest,
  type NewRun,
  type StoredRun,
} from '../stored-run.ts';
import { Watchers } from '../watchers.ts';
import { isOpen, MemoryRun } from './memory-run.ts';

/** A {@link RunStore} that answers everything at once. */
export type MemoryStore = {
  [K in keyof RunStore]: RunStore[K] extends (...args: infer A) => infer R
    ? (...args: A) => Awaited<R>
    : never;
};

/**
 * Keeps runs in this process only, for tests and for what need not survive. Everything is there at once, so that what runs over
 * it keeps virtual time. Values are written down and read as by every other store, so that what works here works there.
 *
 * ```ts
 * import { memoryStore } from 'tutti/store';
 *
 * const store = memoryStore();
 * store.create({ runId: 'r1', requestId: 'q1', workflow: 'w', version: '1', input: 'x', createdAt: 0 });
 * ```
 */
export function memoryStore(options: StoreOptions = {}): MemoryStore {
  return new Memory(options);
}

class Memory implements MemoryStore {
  readonly #runs = new Map<string, MemoryRun>();
  readonly #byKey = new Map<string, MemoryRun>();
  readonly #checkpoints = new Map<string, StoredCheckpoint>();
  readonly #sessions = new Map<string, string | undefined>();
  readonly #watchers = new Watchers();
  readonly #clock: { now(): number };
  readonly #pack: Pack;
  #closed = false;

  constructor(options: StoreOptions) {
    this.#clock = options.clock ?? asyncScheduler;
    this.#pack = packer(options);
  }

  create(run: NewRun, seed: Seed = {}): CreatedRun {
    this.#checkOpen();
    const { input, context, definition, lease, ...facts } = run;
    const text = this.#pack.value("the run's input", input);
    const inputHash = hashInput(run.workflow, text);
    const contextText = context === undefined ? undefined : this.#pack.value("the run's context", context);
    const definitionText =
      definition === undefined ? undefined : this.#pack.value("the run's definition", definition);
    const batch = packBatch(this.#pack, run.runId, seed);
    const known = this.#known(run, inputHash);
    if (known) return known;
    const made = new MemoryRun({
      ...{ ...facts, inputHash, state: 'pending', costUsd: 0 },
      ...{ nextSeq: 0, commits: 0, epoch: 0 },
    });
    made.values.set('input', text);
    if (contextText !== undefined) made.values.set('context', contextText);
    if (definitionText !== undefined) made.values.set('definition', definitionText);
    made.check(batch);
    made.write(batch);
    const leased = lease && made.lease(lease, this.#clock.now());
    this.#runs.set(run.runId, made);
    if (run.idempotencyKey !== undefined) this.#byKey.set(run.idempotencyKey, made);
    if (run.sessionId !== undefined && !this.#sessions.has(run.sessionId))
      this.#sessions.set(run.sessionId, contextText);
    this.#watchers.notify(run.runId);
    return { run: made.row, created: true, ...(leased && { lease: leased }) };
  }

  #known(run: NewRun, inputHash: string): CreatedRun | undefined {
    const { runId, idempotencyKey, requestId } = run;
    const keyed = idempotencyKey === undefined ? undefined : this.#byKey.get(idempotencyKey);
    if (keyed && keyed.facts.inputHash !== inputHash)
      throw new IdempotencyConflictError(idempotencyKey!, keyed.facts.runId);
    const known = keyed ?? this.#runs.get(runId);
    if (!known) return undefined;
    const created = known.facts.requestId === requestId;
    if (!keyed && !created) throw new RunExistsError(runId);
    const lease = created && known.leased?.owner === run.lease?.owner ? known.leased : undefined;
    return { run: known.row, created, ...(lease && { lease }) };
  }

  get(runId: string): StoredRun | undefined {
    this.#checkOpen();
    return this.#runs.get(runId)?.row;
  }

  list(filter: RunFilter = {}): RunPage {
    this.#checkOpen();
    const limit = checkLimit(filter.limit ?? 50, 1000);
    const after = filter.after === undefined ? undefined : readCursor(filter.after);
    const found = [...this.#runs.values()]
      .map(({ facts }) => facts)
      .filter((run) => filter.workflow === undefined || run.workflow === filter.workflow)
      .filter((run) => filter.states === undefined || filter.states.includes(run.state))
      .filter((run) => filter.sessionId === undefined || run.sessionId === filter.sessionId)
      .filter((run) => filter.forkedFrom === undefined || run.forkedFrom?.runId === filter.forkedFrom)
      .filter((run) => after === undefined || newestFirst(after, run) < 0)
      .sort(newestFirst);
    const runs = found.slice(0, limit).map(({ runId }) => this.#run(runId).row);
    const last = found.length > limit ? runs.at(-1) : undefined;
    return { runs, ...(last && { next: cursorAfter(last) }) };
  }

  commit({ runId, epoch }: Pick<Lease, 'runId' | 'epoch'>, batch: Batch): void {
    this.#checkOpen();
    const packed = packBatch(this.#pack, runId, batch);
    const run = this.#runs.get(runId);
    if (!run) throw new LeaseLostError(runId, epoch);
    this.#checkCheckpoints(run, packed);
    if (!run.commit(epoch, packed)) return;
    for (const checkpoint of packed.checkpoints)
      this.#checkpoints.set(checkpoint.id, { ...checkpoint, runId });
    const { sessionId } = run.facts;
    if (packed.session !== undefined && sessionId !== undefined)
      this.#sessions.set(sessionId, packed.session);
    this.#watchers.notify(runId);
  }

  #checkCheckpoints(run: MemoryRun, { number, checkpoints }: PackedBatch): void {
    if (number <= run.facts.commits) return;
    const ids = checkpoints.map(({ id }) => id);
    if (new Set(ids).size < ids.length || ids.some((id) => this.#checkpoints.has(id)))
      throw new StoreConflictError(run.facts.runId, 'a checkpoint is there already');
  }

  events(runId: string, { from = 0, limit = 1000 }: EventRange = {}): readonly RunEvent[] {
    this.#checkOpen();
    checkLimit(limit, Number.MAX_SAFE_INTEGER);
    const first = Math.max(0, from);
    const found = this.#runs.get(runId)?.events.slice(first, first + limit) ?? [];
    return found.map((text, index) => readEvent(runId, first + index, text));
  }

  journal(runId: string): Journal {
    const run = this.#run(runId);
    return {
      entries: [...run.entries.values()].map((text) => unpack('a journal entry', text)),
      waits: run.waits.map(({ body, closedSeq }) => ({
        ...unpack<Journal['waits'][number]>('a wait', body),
        ...(closedSeq !== undefined && { closedSeq }),
      })),
      signals: run.signals.map((signal) => ({ ...signal, payload: unpack('a signal', signal.payload) })),
      checkpoints: run.checkpoints.map((checkpoint) => ({ ...checkpoint, runId })),
      extras: run.extras.map((text) => unpack('what was given on resuming', text)),
    };
  }

  signals(runId: string, from: number): readonly StoredSignal[] {
    this.#checkOpen();
    const found = this.#runs.get(runId)?.signals.slice(from) ?? [];
    return found.map((signal) => ({ ...signal, payload: unpack('a signal', signal.payload) }));
  }

  checkpoint(checkpointId: string): StoredCheckpoint | undefined {
    this.#checkOpen();
    return this.#checkpoints.get(checkpointId);
  }

  session(sessionId: string): StoredSession | undefined {
    this.#checkOpen();
    if (!this.#sessions.has(sessionId)) return undefined;
    const text = this.#sessions.get(sessionId);
    return { sessionId, ...(text !== undefined && { context: unpack("the session's context", text) }) };
  }

  take(runId: string, request: LeaseRequest): Lease | undefined {
    const run = this.#run(runId);
    if (isEnded(run.facts.state)) throw new RunEndedError(runId, run.facts.state);
    const now = this.#clock.now();
    if (run.leased && run.leased.owner !== request.owner && run.leased.until > now) return undefined;
    return run.lease(request, now);
  }

  renew(leases: readonly Lease[], ms: number): readonly string[] {
    this.#checkOpen();
    const until = this.#clock.now() + ms;
    return leases.flatMap(({ runId, epoch }) => {
      const run = this.#runs.get(runId);
      if (run?.leased?.epoch !== epoch) return [runId];
      run.facts.leaseUntil = until;
      return [];
    });
  }

  release({ runId, epoch }: Pick<Lease, 'runId' | 'epoch'>): void {
    this.#checkOpen();
    const run = this.#runs.get(runId);
    if (run?.leased?.epoch !== epoch) return;
    run.release();
    this.#watchers.notify(runId);
  }

  claimable(limit = 100, after?: string): readonly ClaimableRun[] {
    this.#checkOpen();
    checkLimit(limit, 1000);
    const now = this.#clock.now();
    const found: ClaimableRun[] = [];
    let passed = after === undefined || !this.#runs.has(after);
    for (const run of this.#runs.values()) {
      if (!passed) {
        passed = run.facts.runId === after;
        continue;
      }
      if (run.leased && run.leased.until > now) continue;
      const because = whyClaim(run, now);
      if (because) found.push({ runId: run.facts.runId, because });
      if (found.length === limit) break;
    }
    return found;
  }

  signal(runId: string, signal: NewSignal): StoredSignal {
    this.#checkOpen();
    const payload = this.#pack.value(`the payload of signal ${signal.name}`, signal.payload);
    const [kept, isNew] = this.#run(runId).signal(signal, payload, this.#clock.now());
    const stored = { ...kept, payload: unpack('a signal', payload) };
    if (isNew) this.#watchers.notify(runId);
    return stored;
  }

  watch(runId?: string): Observable<void> {
    return this.#watchers.watch(runId);
  }

  delete(runId: string): boolean {
    this.#checkOpen();
    const run = this.#runs.get(runId);
    if (!run) return false;
    const { idempotencyKey, sessionId } = run.facts;
    this.#runs.delete(runId);
    if (idempotencyKey !== undefined) this.#byKey.delete(idempotencyKey);
    for (const { id } of run.checkpoints) this.#checkpoints.delete(id);
    if (sessionId !== undefined && ![...this.#runs.values()].some((r) => r.facts.sessionId === sessionId))
      this.#sessions.delete(sessionId);
    this.#watchers.notify(runId);
    return true;
  }

  prune({ endedBefore, states = endedStates, limit = 1000 }: Retention): number {
    this.#checkOpen();
    checkLimit(limit, Number.MAX_SAFE_INTEGER);
    const old = [...this.#runs.values()]
      .map(({ facts }) => facts)
      .filter(
        ({ state, endedAt }) => isEnded(state) && states.includes(state) && (endedAt ?? 0) < endedBefore,
      )
      .sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0))
      .slice(0, limit);
    for (const { runId } of old) this.delete(runId);
    return old.length;
  }

  close(): void {
    this.#closed = true;
  }

  #run(runId: string): MemoryRun {
    this.#checkOpen();
    const run = this.#runs.get(runId);
    if (run) return run;
    throw new UnknownRunError(runId);
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'the store is closed');
  }
}

function newestFirst(a: { createdAt: number; runId: string }, b: typeof a): number {
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  return a.runId < b.runId ? 1 : a.runId > b.runId ? -1 : 0;
}

function whyClaim({ facts, waits, signals }: MemoryRun, now: number): ClaimableRun['because'] | undefined {
  if (facts.state === 'pending' || facts.state === 'running') return 'orphaned';
  if (isEnded(facts.state)) return undefined;
  const open = facts.state === 'waiting' ? waits.filter(isOpen) : [];
  if (open.some(({ dueAt }) => dueAt !== null && dueAt <= now)) return 'due';
  const unused = signals.filter(({ consumedSeq }) => consumedSeq === undefined);
  const heard = unused.some((s) => s.channel === 'control' || open.some(({ name }) => name === s.name));
  return heard ? 'signalled' : undefined;
}
