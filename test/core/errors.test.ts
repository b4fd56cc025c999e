import * as tutti from 'tutti';
import {
  ApprovalRejectedError,
  BudgetExceededError,
  BulkheadFullError,
  CircuitOpenError,
  CompensationFailedError,
  DefinitionError,
  DuplicateKeyError,
  HttpStatusError,
  InputValidationError,
  MaxStepsError,
  NonSerializableOutputError,
  OutputValidationError,
  RateLimitError,
  RunCancelledError,
  StepFailedError,
  StepInterruptedError,
  StepTimeoutError,
  TuttiError,
  WireFormatError,
} from 'tutti';
import { describe, expect, expectTypeOf, it } from 'vitest';

const issues = [{ message: 'too short', path: ['user', { key: 'name' }, 0] }, { message: 'unknown' }];

const family: readonly (readonly [TuttiError, string, string, object])[] = [
  [new DefinitionError('no'), 'DEFINITION', 'no', {}],
  [
    new InputValidationError('s', issues),
    'INPUT_VALIDATION',
    'input of s: too short (at user.name.0); unknown',
    { stepId: 's', issues },
  ],
  [
    new OutputValidationError('s', issues),
    'OUTPUT_VALIDATION',
    'output of s: too short (at user.name.0); unknown',
    { stepId: 's', issues },
  ],
  [new StepFailedError('no'), 'STEP_FAILED', 'no', {}],
  [
    new StepInterruptedError('s'),
    'STEP_INTERRUPTED',
    's was running when its process ended',
    { stepId: 's' },
  ],
  [
    new ApprovalRejectedError('editor', { approved: false, by: 'Ann', comment: 'too long' }),
    'APPROVAL_REJECTED',
    'editor was rejected by Ann: too long',
    { approval: 'editor', by: 'Ann', comment: 'too long' },
  ],
  [new StepTimeoutError('s', 30), 'STEP_TIMEOUT', 's took longer than 30 ms', { stepId: 's', timeoutMs: 30 }],
  [
    new HttpStatusError(503, { retryAfterMs: 7 }),
    'HTTP_STATUS',
    'HTTP status 503',
    { status: 503, retryAfterMs: 7 },
  ],
  [new RunCancelledError('enough'), 'RUN_CANCELLED', 'enough', {}],
  [
    new BudgetExceededError(3, 2),
    'BUDGET_EXCEEDED',
    'spent $3 of a budget of $2',
    { spentUsd: 3, limitUsd: 2 },
  ],
  [new CircuitOpenError('c', 7), 'CIRCUIT_OPEN', 'circuit c is open', { circuit: 'c', retryAfterMs: 7 }],
  [
    new BulkheadFullError(2, 3),
    'BULKHEAD_FULL',
    'the bulkhead is full: 2 running, 3 waiting',
    { concurrency: 2, queue: 3 },
  ],
  [
    new RateLimitError('k', 7),
    'RATE_LIMIT',
    'rate limit reached for k, for 7 ms more',
    { key: 'k', retryAfterMs: 7 },
  ],
  [
    new DuplicateKeyError('k', '/mapEach/a[k]'),
    'DUPLICATE_KEY',
    'two items have the key "k"; both would be at /mapEach/a[k]',
    { key: 'k', path: '/mapEach/a[k]' },
  ],
  [new MaxStepsError(3), 'MAX_STEPS', 'the loop was not done after 3 passes', { max: 3 }],
  [
    new NonSerializableOutputError('$.a', 'a function'),
    'NON_SERIALIZABLE_OUTPUT',
    '$.a is a function, which cannot be written down',
    { at: '$.a' },
  ],
  [
    new CompensationFailedError([{ path: '/pay', error: new Error('offline') }], new Error('no')),
    'COMPENSATION_FAILED',
    '/pay was not undone: offline',
    { failures: [{ path: '/pay', error: new Error('offline') }], cause: new Error('no') },
  ],
  [new WireFormatError('a pair was expected'), 'WIRE_FORMAT', 'a pair was expected', {}],
];

describe('TuttiError', () => {
  it.each(family.map((member) => [member[0].name, ...member] as const))(
    '%s has a name, a code, a message and its facts',
    (name, error, code, message, facts) => {
      expect(error).toBeInstanceOf(TuttiError);
      expect(error).toBeInstanceOf(Error);
      expect(error.constructor.name).toBe(name);
      expect(error).toMatchObject({ name, code, message, ...facts });
      expect(String(error)).toBe(`${name}: ${message}`);
      expect(error.stack).toContain('errors.test.ts');
    },
  );

  it('is of one kind for each code', () => {
    expect(new Set(family.map(([, code]) => code)).size).toBe(family.length);
  });

  it('has all its kinds in this test', () => {
    const kinds = Object.values(tutti).filter(
      (value) => typeof value === 'function' && value.prototype instanceof TuttiError,
    );
    expect(kinds.length).toBeGreaterThan(10);
    expect(new Set(family.map(([error]) => error.constructor))).toEqual(new Set(kinds));
  });

  it('keeps the original in its cause', () => {
    const cause = new Error('root');
    expect(new StepFailedError('no', { cause }).cause).toBe(cause);
    expect(new HttpStatusError(500, { cause, message: 'mine' })).toMatchObject({ message: 'mine', cause });
  });

  it('holds all that is wrong with a definition, each at its place', () => {
    const problems = [{ message: 'no such skill', line: 2, column: 5, suggestion: 'test' }];
    expect(new DefinitionError('no', { problems }).problems).toEqual(problems);
    expect(new DefinitionError('no').problems).toEqual([]);
  });

  it('has codes to switch on', () => {
    expectTypeOf<StepTimeoutError['code']>().toEqualTypeOf<'STEP_TIMEOUT'>();
    expectTypeOf<DefinitionError['name']>().toEqualTypeOf<'DefinitionError'>();
    const error = family[0]?.[0] as StepTimeoutError | MaxStepsError;
    if (error.code === 'MAX_STEPS') expectTypeOf(error).toEqualTypeOf<MaxStepsError>();
  });
});
