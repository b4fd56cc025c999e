import { TuttiError } from '../core/errors.ts';

/** Why a store could not do what it was asked. */
export type StoreErrorReason =
  | 'busy'
  | 'cannot-open'
  | 'closed'
  | 'full'
  | 'io'
  | 'missing-package'
  | 'newer-schema'
  | 'read-only'
  | 'refused'
  | 'unreachable';

/** What may be over when the same is asked again. */
const retryable: readonly StoreErrorReason[] = ['busy', 'full', 'io', 'unreachable'];

/** A store could not read or write; nothing of the write is kept, unless its answer was lost on the way. */
export class StoreError extends TuttiError {
  override readonly name = 'StoreError';
  readonly code = 'STORE';
  readonly reason: StoreErrorReason;
  /** The same write may be given again as it is, and may succeed. */
  readonly retryable: boolean;

  constructor(reason: StoreErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.retryable = retryable.includes(reason);
  }
}

/** What a store holds is not what was written there: a damaged, cut or foreign file. It is left as it is. */
export class StoreCorruptError extends TuttiError {
  override readonly name = 'StoreCorruptError';
  readonly code = 'STORE_CORRUPT';
}

/** Somebody else has taken over run `runId`, or it was deleted; `epoch` is that of the lease that no longer counts. */
export class LeaseLostError extends TuttiError {
  override readonly name = 'LeaseLostError';
  readonly code = 'LEASE_LOST';
  readonly runId: string;
  readonly epoch: number;

  constructor(runId: string, epoch: number) {
    super(`lease ${epoch} of run ${runId} is lost: the run has a new owner, or none`);
    this.runId = runId;
    this.epoch = epoch;
  }
}

/** There is no run `runId` in the store. */
export class UnknownRunError extends TuttiError {
  override readonly name = 'UnknownRunError';
  readonly code = 'UNKNOWN_RUN';
  readonly runId: string;

  constructor(runId: string) {
    super(`there is no run ${runId}`);
    this.runId = runId;
  }
}

/** There is a run `runId` already, made by another request. */
export class RunExistsError extends TuttiError {
  override readonly name = 'RunExistsError';
  readonly code = 'RUN_EXISTS';
  readonly runId: string;

  constructor(runId: string) {
    super(`there is a run ${runId} already`);
    this.runId = runId;
  }
}

/** Run `runId` has ended as `state`, and takes nothing more. */
export class RunEndedError extends TuttiError {
  override readonly name = 'RunEndedError';
  readonly code = 'RUN_ENDED';
  readonly runId: string;
  readonly state: string;

  constructor(runId: string, state: string) {
    super(`run ${runId} has ended: it is ${state}`);
    this.runId = runId;
    this.state = state;
  }
}

/** The idempotency key stands for run `runId`, which has another workflow or input. */
export class IdempotencyConflictError extends TuttiError {
  override readonly name = 'IdempotencyConflictError';
  readonly code = 'IDEMPOTENCY_CONFLICT';
  readonly idempotencyKey: string;
  readonly runId: string;

  constructor(idempotencyKey: string, runId: string) {
    super(
      `the idempotency key ${JSON.stringify(idempotencyKey)} stands for run ${runId}, which has another workflow or input`,
    );
    this.idempotencyKey = idempotencyKey;
    this.runId = runId;
  }
}

/** A write does not follow on what run `runId` has already: it would overwrite something or leave a gap. Nothing of it is kept. */
export class StoreConflictError extends TuttiError {
  override readonly name = 'StoreConflictError';
  readonly code = 'STORE_CONFLICT';
  readonly runId: string;

  constructor(runId: string, what: string, options?: ErrorOptions) {
    super(`run ${runId}: ${what}`, options);
    this.runId = runId;
  }
}

/** A value is larger than the store takes; `what` is where it belongs, sizes are in bytes of UTF-8 as written down. */
export class ValueTooLargeError extends TuttiError {
  override readonly name = 'ValueTooLargeError';
  readonly code = 'VALUE_TOO_LARGE';
  readonly what: string;
  readonly bytes: number;
  readonly maxBytes: number;

  constructor(what: string, bytes: number, maxBytes: number) {
    super(`${what} takes ${bytes} bytes, more than the ${maxBytes} that the store allows`);
    this.what = what;
    this.bytes = bytes;
    this.maxBytes = maxBytes;
  }
}
