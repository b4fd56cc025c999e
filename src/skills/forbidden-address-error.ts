import { TuttiError } from '../core/errors.ts';

/** A request that would leave the public internet, where declared workflows must not reach. */
export class ForbiddenAddressError extends TuttiError {
  override readonly name = 'ForbiddenAddressError';
  readonly code = 'FORBIDDEN_ADDRESS';
}
