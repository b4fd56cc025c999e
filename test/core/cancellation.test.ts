import { RunCancelledError } from 'tutti';
import { describe, expect, it } from 'vitest';
import { Cancellation } from '../../src/core/cancellation.ts';

describe('Cancellation', () => {
  it('makes its error when it is first asked for, once', () => {
    const cancellation = new Cancellation('enough');
    expect(cancellation.reason).toBe('enough');
    expect(cancellation.error).toBeInstanceOf(RunCancelledError);
    expect(cancellation.error.message).toBe('enough');
    expect(cancellation.error).toBe(cancellation.error);
  });

  it('has the error that it is given', () => {
    const error = new TypeError('x');
    expect(new Cancellation('enough', error).error).toBe(error);
  });
});
