import { DefinitionError } from 'tutti';
import { describe, expect, it } from 'vitest';
import { type Duration, toMs } from '../../src/core/duration.ts';

describe('toMs', () => {
  it.each<[Duration, number]>([
    [0, 0],
    [1500, 1500],
    [0.5, 0.5],
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    ['2 hours', 7_200_000],
    ['1d', 86_400_000],
    ['PT5M', 300_000],
    ['PT1H30M', 5_400_000],
    ['0s', 0],
  ])('%j is %i ms', (duration, ms) => {
    expect(toMs(duration, 'x')).toBe(ms);
  });

  it.each<Duration>([
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    ' ',
    'soon',
    '-5s',
    '5x',
    '30',
    'abc5s',
    '5 apples',
    '5s later',
    'P',
    'PT',
  ])('%j is refused', (duration) => {
    expect(() => toMs(duration, 'x')).toThrow(DefinitionError);
  });

  it.each<[string, number]>([
    ['P1D', 86_400_000],
    ['P1DT1S', 86_401_000],
    ['P1M', Number.NaN],
    ['P1Y2M3DT4H5M6S', Number.NaN],
    ['PT1,5S', 1500],
    ['1,5s', 1500],
  ])('%j is read as what it means, or refused', (duration, ms) => {
    let read: number | undefined;
    try {
      read = toMs(duration, 'x');
    } catch (error) {
      expect(error).toBeInstanceOf(DefinitionError);
    }
    expect(read ?? ms).toBe(ms);
  });

  it('says where, and what it wants', () => {
    expect(() => toMs('soon', 'retry: delay')).toThrow(
      'retry: delay: "soon" is not a duration such as 1500 or \'30s\'',
    );
  });
});
