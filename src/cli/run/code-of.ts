import type { RunEnded } from '../../core/events.ts';
import { exitCode } from '../exit-code.ts';

const codes: Readonly<Record<RunEnded['type'], number>> = {
  'run.completed': exitCode.completed,
  'run.failed': exitCode.failed,
  'run.cancelled': exitCode.cancelled,
};

/** What the command ends with for a run. */
export function codeOf(end: RunEnded | undefined): number {
  return end === undefined ? exitCode.completed : codes[end.type];
}
