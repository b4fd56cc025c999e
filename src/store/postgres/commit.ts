import { admitCommit, type CommitHead, checkFollows, commitHead, type GivenCommit } from '../admit-commit.ts';
import { StoreConflictError } from '../errors.ts';
import { applyCommits } from './apply.ts';
import type { Database, Statement } from './database.ts';
import { asConflict } from './postgres-error.ts';
import { writeRest } from './write-rest.ts';

const lockHead: Statement = {
  name: 'tutti head',
  text: `SELECT ${commitHead} FROM runs WHERE run_id = $1 FOR UPDATE`,
};

/** Commits one batch by itself, whatever it holds, or says why it cannot be. */
export async function commitAlone(db: Database, channel: string, given: GivenCommit): Promise<void> {
  const { runId, batch } = given;
  try {
    await db.transaction(async (ask) => {
      const [row] = await ask<CommitHead>(lockHead, [runId]);
      const head = admitCommit(given, row);
      if (!head) return;
      checkFollows(runId, head.next_seq, batch.events);
      await writeRest(ask, { id: head.id, runId, sessionId: head.session_id }, batch);
      const written = await applyCommits(ask, channel, [given]);
      if (written.size === 0) throw new StoreConflictError(runId, 'its row is not as it was a moment ago');
    });
  } catch (error) {
    throw asConflict(error, runId);
  }
}
