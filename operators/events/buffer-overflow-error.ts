import { TuttiError } from '../../src/core/errors.ts';

/** More came than a buffer of `buffer` places could hold, because its reader was too slow. */
export class BufferOverflowError extends TuttiError {
  override readonly name = 'BufferOverflowError';
  readonly code = 'BUFFER_OVERFLOW';
  readonly buffer: number;

  constructor(buffer: number) {
    super(`the buffer of ${buffer} is full: read faster, or make it larger`);
    this.buffer = buffer;
  }
}
