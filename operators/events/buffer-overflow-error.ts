import { TuttiError } from '../../src/core/errors.ts';

/** More came than a buffer of `buffer` places could hold, because its reader was too slow. */
export class BufferOverflowError extends TuttiError {
  override readonly name = 'BufferOverflowError';
  readonly code = 'BUFFER_OVERFLOW';
  readonly buffer: number;

  constructor(buffer: number) {
    super(`more came than a buffer of ${buffer} could hold: listen faster, or give it more places`);
    this.buffer = buffer;
  }
}
