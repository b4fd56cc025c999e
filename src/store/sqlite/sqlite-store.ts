import { asyncScheduler, type Observable } from 'rxjs';
import type { RunEvent } from '../../core/events.ts';
import type { Batch, Journal, NewSignal, Seed, StoredCheckpoint, StoredSignal } from '../batch.ts';
import { StoreError } from '../errors.ts';
import { type Pack, packer, type StoreOptions } from '../pack.ts';
import { packBatch } from '../packed.ts';
import { packRun } from '../packed-run.ts';
import { checkLimit } from '../page.ts';
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
import { toCommit, writeAlone, writeCommit } from './commit.ts';
import { createRun } from './create.ts';
import { Database } from './database.ts';
import { claimableRuns, releaseLease, renewLeases, takeRun } from './leases.ts';
import { keepSignal } from './mail.ts';
import { openDatabase } from './open.ts';
import { Poll } from './poll.ts';
import { listRuns, readCheckpoint, readEvents, readJournal, readSession, readSignals } from './reads.ts';
import { deleteRun, pruneRuns } from './remove.ts';
import { rowOf, toStoredRun } from './rows.ts';

/** How runs are kept in a file. */
export interface SqliteOptions extends StoreOptions {
  /**
   * What a commit survives: `power`, that the machine loses its power (every transaction waits for the disk); `process`, that
   * the process is killed. Default: `power`.
   */
  readonly durability?: 'power' | 'process';
  /** How long a write waits, in milliseconds, for that of another process. It holds up everything here. Default: 5000. */
  readonly busyTimeoutMs?: number;
  /** How often, in milliseconds, to look for writes of other processes while somebody watches. Default: 50. */
  readonly pollMs?: number;
  /** How large the file may become. More is a `StoreError` with the reason `full`. Default: as large as the disk allows. */
  readonly maxFileBytes?: number;
}

/**
 * Keeps runs in a file, for one process or several on one machine.
 *
 * It needs no server: Node from 22.13 on has SQLite, for Node 20 there is the package `@photostructure/sqlite`. What is asked for in one
 * turn of the event loop is written in one transaction, so that many runs share one wait for the disk.
 *
 * ```ts
 * import { sqliteStore } from 'tutti/store/sqlite';
 *
 * const store = sqliteStore('tutti.db', { durability: 'process' });
 * ```
 *
 * Errors: the file is opened when it is first needed, and so the first call fails with `StoreCorruptError` for a file that is
 * damaged, empty or not of Tutti, and with `StoreError` for one that cannot be opened or is of a later version. It is
 * left as it is, and never begun anew.
 *
 * @param file its path; it is made if there is none. Beside it there are `-wal` and `-shm`, which belong to it
 */
export function sqliteStore(file: string, options: SqliteOptions = {}): RunStore {
  return new Sqlite(file, options);
}

class Sqlite implements RunStore {
  readonly #file: string;
  readonly #options: SqliteOptions;
  readonly #clock: { now(): number };
  readonly #pack: Pack;
  readonly #poll: Poll;
  readonly #watchers: Watchers;
  #opened: Database | undefined;
  #closed = false;

  constructor(file: string, options: SqliteOptions) {
    this.#file = file;
    this.#options = options;
    this.#clock = options.clock ?? asyncScheduler;
    this.#pack = packer(options);
    this.#poll = new Poll(options.pollMs ?? 50, this.#dataVersion, () => this.#watchers.notify());
    this.#watchers = new Watchers((count) => this.#poll.turn(count > 0));
  }

  async create(run: NewRun, seed: Seed = {}): Promise<CreatedRun> {
    const packed = packRun(this.#pack, run, seed);
    return this.#told(run.runId, (db) => createRun(db, packed, this.#clock.now()));
  }

  async get(runId: string): Promise<StoredRun | undefined> {
    return this.#read((db) => {
      const row = rowOf(db, runId);
      return row && toStoredRun(db, row);
    });
  }

  async list(filter: RunFilter = {}): Promise<RunPage> {
    return this.#read((db) => listRuns(db, filter));
  }

  async commit({ runId, epoch }: Pick<Lease, 'runId' | 'epoch'>, batch: Batch): Promise<void> {
    const given = toCommit(runId, epoch, packBatch(this.#pack, runId, batch));
    const db = this.#db();
    await db.write(
      () => writeCommit(db, given),
      () => writeAlone(db, given),
    );
    this.#watchers.notify(runId);
  }

  async events(runId: string, { from = 0, limit = 1000 }: EventRange = {}): Promise<readonly RunEvent[]> {
    checkLimit(limit, Number.MAX_SAFE_INTEGER);
    return this.#read((db) => readEvents(db, runId, Math.max(0, from), limit));
  }

  async journal(runId: string): Promise<Journal> {
    return this.#read((db) => readJournal(db, runId));
  }

  async signals(runId: string, from: number): Promise<readonly StoredSignal[]> {
    return this.#read((db) => readSignals(db, runId, from));
  }

  async checkpoint(checkpointId: string): Promise<StoredCheckpoint | undefined> {
    return this.#read((db) => readCheckpoint(db, checkpointId));
  }

  async session(sessionId: string): Promise<StoredSession | undefined> {
    return this.#read((db) => readSession(db, sessionId));
  }

  async take(runId: string, request: LeaseRequest): Promise<Lease | undefined> {
    return this.#told(runId, (db) => takeRun(db, runId, request, this.#clock.now()));
  }

  async renew(leases: readonly Lease[], ms: number): Promise<readonly string[]> {
    return this.#write((db) => renewLeases(db, leases, this.#clock.now() + ms));
  }

  async release(lease: Pick<Lease, 'runId' | 'epoch'>): Promise<void> {
    await this.#told(lease.runId, (db) => releaseLease(db, lease));
  }

  async claimable(limit = 100, after?: string): Promise<readonly ClaimableRun[]> {
    checkLimit(limit, 1000);
    return this.#read((db) => claimableRuns(db, this.#clock.now(), limit, after));
  }

  async signal(runId: string, signal: NewSignal): Promise<StoredSignal> {
    const payload = this.#pack.value(`the payload of signal ${signal.name}`, signal.payload);
    return this.#told(runId, (db) => keepSignal(db, runId, signal, payload, this.#clock.now()));
  }

  watch(runId?: string): Observable<void> {
    return this.#watchers.watch(runId);
  }

  async delete(runId: string): Promise<boolean> {
    return this.#told(runId, (db) => deleteRun(db, runId));
  }

  async prune(retention: Retention): Promise<number> {
    checkLimit(retention.limit ?? 1000, Number.MAX_SAFE_INTEGER);
    const runIds = await this.#write((db) => pruneRuns(db, retention));
    for (const runId of runIds) this.#watchers.notify(runId);
    return runIds.length;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#poll.stop();
    this.#opened?.close();
  }

  #db(): Database {
    if (this.#closed) throw new StoreError('closed', 'the store is closed');
    if (this.#opened) return this.#opened;
    const { durability = 'power', busyTimeoutMs = 5000, maxFileBytes } = this.#options;
    const now = this.#clock.now();
    const connection = openDatabase(this.#file, { durability, busyTimeoutMs, maxFileBytes, now });
    this.#opened = new Database(connection, this.#file);
    return this.#opened;
  }

  #read<T>(work: (db: Database) => T): T {
    const db = this.#db();
    return db.read(() => work(db));
  }

  #write<T>(work: (db: Database) => T): Promise<T> {
    const db = this.#db();
    return db.write(() => work(db));
  }

  /** Writes, and tells those who watch the run. */
  async #told<T>(runId: string, work: (db: Database) => T): Promise<T> {
    const result = await this.#write(work);
    this.#watchers.notify(runId);
    return result;
  }

  readonly #dataVersion = (): number =>
    this.#read((db) => (db.sql('PRAGMA data_version').get() as { data_version: number }).data_version);
}
