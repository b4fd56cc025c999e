import { DefinitionError } from 'tutti';
import { describe, expect, it } from 'vitest';
import { checkFunction, checkOptions } from '../../src/core/check-given.ts';

interface Options {
  readonly max?: number | undefined;
  readonly key?: () => void;
  readonly ttl?: unknown;
}

const check = (options: unknown): void =>
  checkOptions<Options>('keep', options as Options, { max: 'number', key: 'function', ttl: 'any' });

describe('checkOptions', () => {
  it.each([{}, { max: 1 }, { max: Number.NaN, key: () => {}, ttl: 'x' }, { max: undefined }])(
    'takes %o',
    (options) => {
      expect(() => check(options)).not.toThrow();
    },
  );

  it.each([
    [{ min: 1 }, 'keep: unknown option min; it knows max, key, ttl'],
    [{ toString: 1 }, 'keep: unknown option toString; it knows max, key, ttl'],
    [{ max: '1' }, 'keep: max must be a number, but it is the text "1"'],
    [{ max: null }, 'keep: max must be a number, but it is null'],
    [{ key: 'id' }, 'keep: key must be a function, but it is the text "id"'],
    [undefined, 'keep: its options must be an object, but what was given is undefined'],
    [null, 'keep: its options must be an object, but what was given is null'],
    [3, 'keep: its options must be an object, but what was given is 3'],
    [[], 'keep: its options must be an object, but what was given is an array'],
  ])('refuses %j', (options, message) => {
    expect(() => check(options)).toThrow(new DefinitionError(message));
  });
});

describe('checkFunction', () => {
  it('takes functions alone', () => {
    expect(() => checkFunction('keep: key', () => {})).not.toThrow();
    expect(() => checkFunction('keep: key', {})).toThrow(
      new DefinitionError('keep: key must be a function, but it is an object'),
    );
  });
});
