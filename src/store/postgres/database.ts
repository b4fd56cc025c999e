import type { Pool, PoolClient } from 'pg';
import { toColumn } from './column-text.ts';
import { asStoreError, isBroken, isDeadlock } from './postgres-error.ts';

/** A statement; one with a name is prepared once for each connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** Asks the server. Errors: `StoreError`, `StoreCorruptError`. */
export type Ask = <R>(statement: Statement | string, values?: readonly unknown[]) => Promise<R[]>;

/** How often what was in the way of another transaction is tried. */
const attempts = 5;

/** The connections of a store. What is asked for at once is asked on several. */
export class Database {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Asks for one thing, in a transaction of its own. */
  readonly ask: Ask = (statement, values) => this.#use((ask) => ask(statement, values));

  /** Does some work in a transaction. It may be done again from the start, when others were in its way. */
  transaction<T>(work: (ask: Ask) => Promise<T>, begin = 'BEGIN'): Promise<T> {
    return this.#use(async (ask) => {
      await ask(begin);
      try {
        const result = await work(ask);
        await ask('COMMIT');
        return result;
      } catch (error) {
        if (!isBroken(error)) await ask('ROLLBACK');
        throw error;
      }
    });
  }

  /** Ends when what is under way has ended. */
  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #use<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(work);
      } catch (error) {
        if (attempt === attempts || !isDeadlock(error)) throw error;
      }
    }
  }

  async #once<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    try {
      const result = await work(asker(client));
      client.release();
      return result;
    } catch (error) {
      client.release(isBroken(error));
      throw error;
    }
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw asStoreError(error);
    }
  }
}

/** Asks over one connection. */
function asker(client: PoolClient): Ask {
  return async <R>(statement: Statement | string, values: readonly unknown[] = []) => {
    const { text, name } = typeof statement === 'string' ? { text: statement } : statement;
    try {
      const { rows } = await client.query({ text, values: values.map(encoded), ...(name && { name }) });
      return rows as R[];
    } catch (error) {
      throw asStoreError(error);
    }
  };
}

function encoded(value: unknown): unknown {
  if (typeof value === 'string') return toColumn(value);
  return Array.isArray(value) ? value.map(encoded) : value;
}
