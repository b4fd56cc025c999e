import { describe, expect, it } from 'vitest';
import { Adapters } from '../../src/core/adapters.ts';

/** One that adds a letter to a text. */
const adding = (letter: string, older?: Adapters): Adapters =>
  new Adapters((text) => `${text}${letter}`, older);

describe('Adapters', () => {
  it('meet a value inward with the newest first, outward with the oldest first', () => {
    const both = adding('b', adding('a'));
    expect([both.inward(''), both.outward('')]).toEqual(['ba', 'ab']);
    expect([both.inward(''), both.outward('')]).toEqual(['ba', 'ab']);
  });

  it('leave the older ones as they are', () => {
    const older = adding('a');
    expect([adding('b', older).outward(''), older.outward('')]).toEqual(['ab', 'a']);
  });

  it('are of any number, at no deep stack', () => {
    let many = new Adapters((n) => (n as number) + 1, undefined);
    for (let i = 1; i < 200_000; i++) many = new Adapters((n) => (n as number) + 1, many);
    expect([many.inward(0), many.outward(0)]).toEqual([200_000, 200_000]);
  });
});
