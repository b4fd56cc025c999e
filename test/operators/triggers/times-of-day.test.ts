import { describe, expect, it } from 'vitest';
import { timesOfDay } from '../../../operators/triggers/times-of-day.ts';

describe('timesOfDay', () => {
  it.each([
    ['*/20 2 * * *', '0,20,40 2 * * *'],
    ['0 */6 * * mon', '0 0,6,12,18 * * mon'],
    ['0 8-12/2 */2 * *', '0 8,10,12 */2 * *'],
    ['*/30 15 2 * * *', '0,30 15 2 * * *'],
    ['5,10-12,*/30 2,3 * * *', '5,10,11,12,0,30 2,3 * * *'],
    ['0 0 */12 1 1 * 2027', '0 0 0,12 1 1 * 2027'],
    ['  0   2  * * *  ', '0 2 * * *'],
  ])('writes %s out', (expression, written) => {
    expect(timesOfDay(expression)).toBe(written);
  });

  it('writes all of them out for a star', () => {
    const [minutes, hours] = timesOfDay('* 2 * * *').split(' ');
    expect(minutes?.split(',')).toEqual(Array.from({ length: 60 }, (_, n) => String(n)));
    expect(hours).toBe('2');
  });

  it.each(['*/20 * * * *', '0 * * * *', '0 */1 * * *', '* ? * * *', '*/10 0 * * * *', '@daily', 'soon', ''])(
    'leaves %j, which names no hours, as it is',
    (expression) => {
      expect(timesOfDay(expression)).toBe(expression);
    },
  );

  it.each(['*/0 2 * * *', '9-3 2 * * *', '0-99 2 * * *', '1/5 2 * * *', 'x 2 * * *', '*/99999999 2 * * *'])(
    'leaves %j for others to refuse',
    (expression) => {
      expect(timesOfDay(expression)).toBe(expression);
    },
  );
});
