import type { StoredCheckpoint, StoredWait } from '../../store/batch.ts';
import type { StoredRun } from '../../store/stored-run.ts';
import type { LiveModel } from '../run/live-model.ts';

/** How a kept run stands, with what it waits for. */
export interface Standing {
  readonly run: StoredRun;
  readonly model: LiveModel;
  /** Those that are open. */
  readonly waits: readonly StoredWait[];
  readonly checkpoints: readonly StoredCheckpoint[];
}
