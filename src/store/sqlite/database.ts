import { atEndOfTurn } from '../end-of-turn.ts';
import { StoreError } from '../errors.ts';
import type { Connection, Statement } from './driver.ts';
import { asStoreError } from './sqlite-error.ts';

interface Job {
  readonly work: () => unknown;
  readonly alone: (() => boolean) | undefined;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
  result?: unknown;
}

/** Of so many runs it is known without looking how far they have come. */
const mostHeads = 10_000;

/** How far the commits of a run had come under a lease when this connection last wrote one. Others may have written since. */
export interface Head {
  readonly id: number;
  readonly epoch: number;
  readonly number: number;
  readonly nextSeq: number;
}

/**
 * A connection that gathers writes: those asked for in one turn of the event loop are one transaction, so that many runs
 * share one fsync. While the disk is busy with one, the next gathers by itself.
 */
export class Database {
  readonly #db: Connection;
  readonly #file: string;
  readonly #statements = new Map<string, Statement>();
  /** By the ids of runs. */
  readonly heads = new Map<string, Head>();
  #queue: Job[] = [];
  #closed = false;

  constructor(db: Connection, file: string) {
    this.#db = db;
    this.#file = file;
  }

  /** Remembers how far a run has come. */
  know(runId: string, head: Head): void {
    if (this.heads.size >= mostHeads) this.heads.clear();
    this.heads.set(runId, head);
  }

  /** A statement, prepared once. */
  sql(text: string): Statement {
    this.#checkOpen();
    const known = this.#statements.get(text);
    if (known) return known;
    const made = this.#db.prepare(text);
    this.#statements.set(text, made);
    return made;
  }

  /** Reads at once. Errors: `StoreError`, `StoreCorruptError`. */
  read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asStoreError(error, this.#file);
    }
  }

  /**
   * Does some work in a transaction; what it gives is given when that is durable.
   *
   * @param alone does the same by one statement, which is a transaction by itself and so costs less, and says whether it could
   */
  write<T>(work: () => T, alone?: () => boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#checkOpen();
      this.#queue.push({ work, alone, resolve, reject });
      if (this.#queue.length === 1) atEndOfTurn(() => this.flush());
    });
  }

  /** Writes what is gathered. */
  flush(): void {
    const jobs = this.#queue;
    this.#queue = [];
    if (jobs.length === 1) this.#single(jobs[0]!);
    else if (jobs.length > 1) this.#group(jobs);
  }

  /** Writes what is gathered, and closes the connection. */
  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    this.#foldLog();
    this.#db.close();
  }

  /**
   * Puts the log into the file, unless others need it, so that a copy of the file alone has everything. SQLite does so by itself
   * when the last connection is closed, but the package's is open until its statements are collected.
   */
  #foldLog(): void {
    try {
      this.#db.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // What is in the log is as safe there.
    }
  }

  #single(job: Job): void {
    try {
      if (job.alone?.() !== true) return this.#group([job]);
    } catch (error) {
      return this.#refuse([job], error);
    }
    job.resolve(undefined as never);
  }

  #group(jobs: readonly Job[]): void {
    try {
      this.sql('BEGIN IMMEDIATE').run();
    } catch (error) {
      return this.#refuse(jobs, error);
    }
    try {
      for (const job of jobs) job.result = job.work();
    } catch (error) {
      this.#rollBack();
      // One that is refused must not take the others with it, so each has a transaction of its own.
      if (jobs.length === 1) this.#refuse(jobs, error);
      else for (const job of jobs) this.#group([job]);
      return;
    }
    try {
      this.sql('COMMIT').run();
    } catch (error) {
      this.#rollBack();
      return this.#refuse(jobs, error);
    }
    for (const job of jobs) job.resolve(job.result as never);
  }

  #refuse(jobs: readonly Job[], error: unknown): void {
    for (const job of jobs) job.reject(asStoreError(error, this.#file));
  }

  #rollBack(): void {
    this.heads.clear();
    // After some errors SQLite has done so itself.
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'the store is closed');
  }
}
