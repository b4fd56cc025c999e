import type { RunEvent } from '../../core/events.ts';

/** Where a run is shown. */
export interface View {
  /** Shows one more event. */
  add(event: RunEvent): void;
  /** The run was asked to end, or to be left. */
  interrupted(words: string): void;
  /** The run has ended. */
  close(): void;
}
