import { TuttiError } from 'tutti';
import * as door from 'tutti/store';
import {
  IdempotencyConflictError,
  LeaseLostError,
  RunEndedError,
  RunExistsError,
  StoreConflictError,
  StoreCorruptError,
  StoreError,
  UnknownRunError,
  ValueTooLargeError,
} from 'tutti/store';
import { describe, expect, it } from 'vitest';

const cause = new Error('disk');

/** Each kind of error: what it is, its code, its message, its facts. */
const family: readonly [TuttiError, string, string, object][] = [
  [
    new StoreError('full', 'no room', { cause }),
    ...(['STORE', 'no room', { reason: 'full', retryable: true, cause }] as const),
  ],
  [new StoreCorruptError('it is damaged', { cause }), 'STORE_CORRUPT', 'it is damaged', { cause }],
  [
    new LeaseLostError('r1', 2),
    'LEASE_LOST',
    'lease 2 of run r1 is lost: the run has a new owner, or none',
    { runId: 'r1', epoch: 2 },
  ],
  [new UnknownRunError('r1'), 'UNKNOWN_RUN', 'there is no run r1', { runId: 'r1' }],
  [new RunExistsError('r1'), 'RUN_EXISTS', 'there is a run r1 already', { runId: 'r1' }],
  [
    new RunEndedError('r1', 'failed'),
    ...(['RUN_ENDED', 'run r1 has ended: it is failed', { runId: 'r1', state: 'failed' }] as const),
  ],
  [
    new IdempotencyConflictError('k', 'r1'),
    'IDEMPOTENCY_CONFLICT',
    'the idempotency key "k" stands for run r1, which has another workflow or input',
    { idempotencyKey: 'k', runId: 'r1' },
  ],
  [new StoreConflictError('r1', 'no'), 'STORE_CONFLICT', 'run r1: no', { runId: 'r1' }],
  [
    new ValueTooLargeError('event 1', 12, 10),
    'VALUE_TOO_LARGE',
    'event 1 takes 12 bytes, more than the 10 that the store allows',
    { what: 'event 1', bytes: 12, maxBytes: 10 },
  ],
];

describe('the errors of tutti/store', () => {
  it.each(family.map((member) => [member[0].name, ...member] as const))(
    '%s has a name, a code, a message and its facts',
    (name, error, code, message, facts) => {
      expect(error).toBeInstanceOf(TuttiError);
      expect(error.constructor.name).toBe(name);
      expect(error).toMatchObject({ name, code, message, ...facts });
    },
  );

  it('are all in this test', () => {
    const kinds = Object.values(door).filter(
      (thing) => typeof thing === 'function' && thing.prototype instanceof TuttiError,
    );
    expect(new Set(family.map(([error]) => error.constructor))).toEqual(new Set(kinds));
  });

  it.each(['busy', 'full', 'io', 'unreachable'] as const)(
    'say of %s that the write may be given again',
    (reason) => {
      expect(new StoreError(reason, '').retryable).toBe(true);
    },
  );

  it.each(['cannot-open', 'closed', 'missing-package', 'newer-schema', 'read-only', 'refused'] as const)(
    'say of %s that giving the write again is of no use',
    (reason) => {
      expect(new StoreError(reason, '').retryable).toBe(false);
    },
  );
});
