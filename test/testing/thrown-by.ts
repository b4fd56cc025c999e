import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';

/** What a function throws, which has to be an `Error`. */
export function thrownBy(body: () => unknown): Error {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    if (error instanceof Error) return error;
  }
  return expect.fail('nothing was thrown');
}

/** The message of what a function throws, without colours. */
export const messageOf = (body: () => unknown): string => stripVTControlCharacters(thrownBy(body).message);
