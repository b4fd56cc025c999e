import { TuttiError } from '../../src/core/errors.ts';

/** A handler of events of type `eventType` failed `failuresInARow` times in a row, and is not called any more; `cause` is the last failure. */
export class HandlerDroppedError extends TuttiError {
  override readonly name = 'HandlerDroppedError';
  readonly code = 'HANDLER_DROPPED';
  readonly eventType: string;
  readonly failuresInARow: number;

  constructor(eventType: string, failuresInARow: number, cause: unknown) {
    const times = failuresInARow === 1 ? 'once' : `${failuresInARow} times in a row`;
    super(`a handler of ${JSON.stringify(eventType)} failed ${times}, and is not called any more`, { cause });
    this.eventType = eventType;
    this.failuresInARow = failuresInARow;
  }
}
