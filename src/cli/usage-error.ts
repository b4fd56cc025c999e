import { TuttiError } from '../core/errors.ts';

/** The command was called in a way that it cannot obey; the message says what to write in place of it. */
export class UsageError extends TuttiError {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}
