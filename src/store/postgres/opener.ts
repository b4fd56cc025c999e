import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { StoreError } from '../errors.ts';
import { Database } from './database.ts';
import { openPool, type Place } from './driver.ts';
import { Gather } from './gather.ts';
import { migrate } from './migrate.ts';
import { asStoreError } from './postgres-error.ts';

/** A database that is open. */
export interface Open {
  readonly db: Database;
  readonly gather: Gather;
  /** On which everybody is told of writes. */
  readonly channel: string;
}

/** Opens a database when it is first needed; when it could not be, the next to need it tries again. */
export class Opener {
  readonly #place: Place;
  readonly channel: string;
  readonly #underWay = new Set<Promise<unknown>>();
  #opened: Promise<Open> | undefined;
  #closed: Promise<void> | undefined;

  constructor(place: Place) {
    this.#place = place;
    // A name may be 63 bytes long, and that of the schema may be so already.
    this.channel = `tutti_${bytesToHex(sha256(utf8ToBytes(place.schema))).slice(0, 32)}`;
  }

  /** Does some work with the database. Errors: `StoreError` once it is closed, and when it cannot be opened. */
  async use<T>(work: (open: Open) => Promise<T>): Promise<T> {
    const doing = this.#open().then(work);
    this.#underWay.add(doing);
    try {
      return await doing;
    } finally {
      this.#underWay.delete(doing);
    }
  }

  #open(): Promise<Open> {
    if (this.#closed) throw new StoreError('closed', 'the store is closed');
    this.#opened ??= this.#connect().catch((error) => {
      this.#opened = undefined;
      throw asStoreError(error);
    });
    return this.#opened;
  }

  /** Ends what is under way, and gives the connections back. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #connect(): Promise<Open> {
    const db = new Database(await openPool(this.#place));
    try {
      await migrate(db, this.#place.schema);
    } catch (error) {
      await db.close();
      throw error;
    }
    return { db, channel: this.channel, gather: new Gather(db, this.channel) };
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    const open = await this.#opened?.catch(() => undefined);
    await open?.db.close();
  }
}
