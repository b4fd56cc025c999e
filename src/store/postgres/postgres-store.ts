import type { Observable } from 'rxjs';
import type { RunEvent } from '../../core/events.ts';
import { batchSum } from '../admit-commit.ts';
import type { Batch, Journal, NewSignal, Seed, StoredCheckpoint, StoredSignal } from '../batch.ts';
import { type Pack, packer, type StoreOptions } from '../pack.ts';
import { packBatch } from '../packed.ts';
import { packRun } from '../packed-run.ts';
import { checkLimit } from '../page.ts';
import { toRun } from '../run-row.ts';
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
import type { Lease, LeaseRequest, NewRun, StoredRun } from '../stored-run.ts';
import { Watchers } from '../watchers.ts';
import { commitAlone } from './commit.ts';
import { createRun } from './create.ts';
import { openClient, type Place } from './driver.ts';
import { claimableRuns, releaseLease, renewLeases, takeRun } from './leases.ts';
import { Listener } from './listener.ts';
import { keepSignal } from './mail.ts';
import { type Open, Opener } from './opener.ts';
import {
  findRun,
  listRuns,
  readCheckpoint,
  readEvents,
  readJournal,
  readSession,
  readSignals,
} from './reads.ts';
import { deleteRun, pruneRuns } from './remove.ts';
import { isPlain } from './write-rest.ts';

/** How runs are kept in a database. */
export interface PostgresOptions extends StoreOptions {
  /** The clock of leases and signals, in milliseconds, for tests. Default: the database's own, which all processes share. */
  readonly clock?: { now(): number };
  /** The schema that holds the tables; it is made if there is none. Default: `tutti`. */
  readonly schema?: string;
  /** How many connections to have at most, beside one to listen on. Default: 10. */
  readonly maxConnections?: number;
  /** How long to wait, in milliseconds, for a connection and for each answer. Default: 30,000. */
  readonly timeoutMs?: number;
}

/**
 * Keeps runs in a PostgreSQL database, for processes on many machines.
 *
 * It needs the package `pg`. Leases are measured by the database's clock, so that the clocks of the machines do not matter. Commits of
 * several runs that are asked for in one turn of the event loop, or while others are under way, are written in one transaction.
 * Writes of other processes are told by LISTEN and NOTIFY.
 *
 * ```ts
 * import { postgresStore } from 'tutti/store/postgres';
 *
 * const store = postgresStore('postgresql://tutti@localhost/tutti', { schema: 'runs' });
 * ```
 *
 * Errors: it connects when it is first used, and so the first call fails with `StoreError` when the database cannot be
 * reached or refuses the user, or its tables are of a later version, and with `StoreCorruptError` when the schema has tables of another
 * program. The next call tries again. A connection that breaks is `StoreError` with the reason `unreachable`, and is replaced.
 *
 * @param url as `pg` reads it: `postgresql://user:password@host:port/database?sslmode=verify-full`
 */
export function postgresStore(url: string, options: PostgresOptions = {}): RunStore {
  return new Postgres(url, options);
}

class Postgres implements RunStore {
  readonly #clock: { now(): number } | undefined;
  readonly #pack: Pack;
  readonly #opener: Opener;
  readonly #listener: Listener;
  readonly #watchers: Watchers;

  constructor(url: string, options: PostgresOptions) {
    const { schema = 'tutti', maxConnections = 10, timeoutMs = 30_000 } = options;
    const place: Place = { url, schema, maxConnections, timeoutMs };
    this.#clock = options.clock;
    this.#pack = packer(options);
    this.#opener = new Opener(place);
    this.#watchers = new Watchers((count) => this.#listener.turn(count > 0));
    this.#listener = new Listener(
      () => openClient(place),
      this.#opener.channel,
      (runId) => this.#watchers.notify(runId),
    );
  }

  async create(run: NewRun, seed: Seed = {}): Promise<CreatedRun> {
    const packed = packRun(this.#pack, run, seed);
    return this.#told(run.runId, ({ db, channel }) => createRun(db, channel, packed, this.#now()));
  }

  async get(runId: string): Promise<StoredRun | undefined> {
    const row = await this.#opener.use(({ db }) => findRun(db.ask, runId));
    return row && toRun(row, row.values);
  }

  async list(filter: RunFilter = {}): Promise<RunPage> {
    return this.#opener.use(({ db }) => listRuns(db, filter));
  }

  async commit({ runId, epoch }: Pick<Lease, 'runId' | 'epoch'>, batch: Batch): Promise<void> {
    const packed = packBatch(this.#pack, runId, batch);
    const given = { runId, epoch, batch: packed, sum: batchSum(packed) };
    await this.#told(runId, ({ db, channel, gather }) =>
      // The first that a run has is numbered 0, which nobody may commit.
      packed.number > 0 && isPlain(packed) ? gather.commit(given) : commitAlone(db, channel, given),
    );
  }

  async events(runId: string, { from = 0, limit = 1000 }: EventRange = {}): Promise<readonly RunEvent[]> {
    checkLimit(limit, Number.MAX_SAFE_INTEGER);
    return this.#opener.use(({ db }) => readEvents(db, runId, Math.max(0, from), limit));
  }

  async journal(runId: string): Promise<Journal> {
    return this.#opener.use(({ db }) => readJournal(db, runId));
  }

  async signals(runId: string, from: number): Promise<readonly StoredSignal[]> {
    return this.#opener.use(({ db }) => readSignals(db, runId, from));
  }

  async checkpoint(checkpointId: string): Promise<StoredCheckpoint | undefined> {
    return this.#opener.use(({ db }) => readCheckpoint(db, checkpointId));
  }

  async session(sessionId: string): Promise<StoredSession | undefined> {
    return this.#opener.use(({ db }) => readSession(db, sessionId));
  }

  async take(runId: string, request: LeaseRequest): Promise<Lease | undefined> {
    return this.#told(runId, ({ db, channel }) => takeRun(db, channel, runId, request, this.#now()));
  }

  async renew(leases: readonly Lease[], ms: number): Promise<readonly string[]> {
    return this.#opener.use(({ db }) => renewLeases(db, leases, ms, this.#now()));
  }

  async release(lease: Pick<Lease, 'runId' | 'epoch'>): Promise<void> {
    await this.#told(lease.runId, ({ db, channel }) => releaseLease(db, channel, lease));
  }

  async claimable(limit = 100, after?: string): Promise<readonly ClaimableRun[]> {
    checkLimit(limit, 1000);
    return this.#opener.use(({ db }) => claimableRuns(db, limit, after, this.#now()));
  }

  async signal(runId: string, signal: NewSignal): Promise<StoredSignal> {
    const payload = this.#pack.value(`the payload of signal ${signal.name}`, signal.payload);
    return this.#told(runId, ({ db, channel }) =>
      keepSignal(db, channel, runId, signal, payload, this.#now()),
    );
  }

  watch(runId?: string): Observable<void> {
    return this.#watchers.watch(runId);
  }

  async delete(runId: string): Promise<boolean> {
    return this.#told(runId, ({ db, channel }) => deleteRun(db, channel, runId));
  }

  async prune(retention: Retention): Promise<number> {
    checkLimit(retention.limit ?? 1000, Number.MAX_SAFE_INTEGER);
    const runIds = await this.#opener.use(({ db, channel }) => pruneRuns(db, channel, retention));
    for (const runId of runIds) this.#watchers.notify(runId);
    return runIds.length;
  }

  async close(): Promise<void> {
    await Promise.all([this.#opener.close(), this.#listener.close()]);
  }

  /** Nothing says that the database's clock counts. */
  #now(): number | null {
    return this.#clock?.now() ?? null;
  }

  /** Writes, and tells those who watch the run. */
  async #told<T>(runId: string, work: (open: Open) => Promise<T>): Promise<T> {
    const result = await this.#opener.use(work);
    this.#watchers.notify(runId);
    return result;
  }
}
