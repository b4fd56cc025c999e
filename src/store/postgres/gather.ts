import type { GivenCommit } from '../admit-commit.ts';
import { atEndOfTurn } from '../end-of-turn.ts';
import { applyCommits } from './apply.ts';
import { commitAlone } from './commit.ts';
import type { Database } from './database.ts';
import { isBroken } from './postgres-error.ts';

interface Job extends GivenCommit {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How many transactions write gathered commits at a time. While they do, the next gather by themselves. */
const lanes = 2;

/** A transaction holds so many runs, and about so many characters, at most. */
const mostRuns = 256;
const mostText = 8 * 2 ** 20;

/**
 * Gathers commits of different runs: those asked for in one turn of the event loop, or while others are being written, are one
 * transaction, so that many runs share the way to the server and the wait for its disk.
 */
export class Gather {
  readonly #db: Database;
  readonly #channel: string;
  #queue: Job[] = [];
  #busy = 0;

  constructor(db: Database, channel: string) {
    this.#db = db;
    this.#channel = channel;
  }

  /** Commits one batch, which is plain. */
  commit(given: GivenCommit): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...given, resolve, reject });
      if (this.#queue.length === 1) atEndOfTurn(() => this.#pump());
    });
  }

  #pump(): void {
    while (this.#busy < lanes && this.#queue.length > 0) {
      const group = this.#queue.splice(0, fitting(this.#queue));
      this.#busy++;
      void this.#write(group).then(() => {
        this.#busy--;
        this.#pump();
      });
    }
  }

  async #write(group: readonly Job[]): Promise<void> {
    const left = await this.#together(group);
    // Of the others, each has a transaction of its own, which says why it is refused or that it was written before.
    for (const job of left) await commitAlone(this.#db, this.#channel, job).then(job.resolve, job.reject);
  }

  async #together(group: readonly Job[]): Promise<readonly Job[]> {
    try {
      const written = await applyCommits(this.#db.ask, this.#channel, group);
      for (const job of group) if (written.has(job)) job.resolve();
      return group.filter((job) => !written.has(job));
    } catch (error) {
      if (!isBroken(error)) return group;
      for (const job of group) job.reject(error);
      return [];
    }
  }
}

/** How many of the first jobs make one transaction; at least one. */
function fitting(jobs: readonly Job[]): number {
  let text = 0;
  const end = jobs.findIndex((job, index) => {
    text += lengthOf(job);
    return index > 0 && (index === mostRuns || text > mostText);
  });
  return end === -1 ? jobs.length : end;
}

function lengthOf({ batch }: Job): number {
  let length = 0;
  for (const { body } of batch.events) length += body.length;
  for (const { body } of batch.entries) length += body.length;
  for (const [, body] of batch.patch.values) length += body.length;
  return length;
}
