import type { ShowOptions } from './choose-view.ts';
import type { Limits } from './limited.ts';

/** What `tutti run` is called with. */
export interface RunCommandOptions extends Limits, ShowOptions {
  readonly input?: string;
  readonly set?: readonly string[];
  readonly skills?: readonly string[];
  readonly store?: string;
  readonly runId?: string;
  readonly idempotencyKey?: string;
  readonly session?: string;
}
