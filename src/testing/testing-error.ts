import { TuttiError } from '../core/errors.ts';

/** A test that cannot say what it means to: a promise under virtual time, an expectation without an end. */
export class TestingError extends TuttiError {
  override readonly name = 'TestingError';
  readonly code = 'TESTING';
}
