import { describe, expect, it } from 'vitest';
import { checkSets } from '../../../src/cli/load/check-sets.ts';

describe('checkSets', () => {
  it('takes fields that the input has, and any where that is not known', () => {
    expect(() => checkSets(['id=1', 'who.name=x', 'bad'], ['id', 'who'])).not.toThrow();
    expect(() => checkSets(['other=1'], undefined)).not.toThrow();
  });

  it('names the field that was probably meant, or all', () => {
    expect(() => checkSets(['emial=x'], ['id', 'email'])).toThrow(
      '--set emial=x: the input has no emial; did you mean email?',
    );
    expect(() => checkSets(['z.y=x'], ['id', 'email'])).toThrow('the input has no z; it has id, email');
  });
});
