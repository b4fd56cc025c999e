import {
  type ErrorRecord,
  HttpStatusError,
  originalError,
  StepFailedError,
  StepTimeoutError,
  toErrorRecord,
} from 'tutti';
import { describe, expect, expectTypeOf, it } from 'vitest';

describe('toErrorRecord', () => {
  it('writes an error down as plain data', () => {
    const record = toErrorRecord(new TypeError('broken'));
    expect(record).toStrictEqual({ name: 'TypeError', code: 'STEP_FAILED', message: 'broken' });
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    expectTypeOf(record).toEqualTypeOf<ErrorRecord>();
  });

  it('takes the code of our errors, and of others that have one', () => {
    expect(toErrorRecord(new StepTimeoutError('s', 5))).toMatchObject({
      name: 'StepTimeoutError',
      code: 'STEP_TIMEOUT',
    });
    expect(toErrorRecord(Object.assign(new Error('gone'), { code: 'ENOENT' })).code).toBe('ENOENT');
    expect(toErrorRecord(Object.assign(new Error('gone'), { code: 404 })).code).toBe('STEP_FAILED');
    expect(toErrorRecord(new DOMException('stop', 'AbortError'))).toMatchObject({ name: 'AbortError' });
  });

  it('writes down causes', () => {
    const root = new RangeError('root');
    const middle = new HttpStatusError(503, { cause: root });
    expect(toErrorRecord(new StepFailedError('top', { cause: middle }))).toStrictEqual({
      name: 'StepFailedError',
      code: 'STEP_FAILED',
      message: 'top',
      cause: {
        name: 'HttpStatusError',
        code: 'HTTP_STATUS',
        message: 'HTTP status 503',
        cause: { name: 'RangeError', code: 'STEP_FAILED', message: 'root' },
      },
    });
  });

  it.each([
    ['a text', 'no', 'no'],
    ['a number', 7, '7'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['what cannot be made a text', Object.create(null), expect.any(String)],
    [
      'what refuses to be made a text',
      {
        toString() {
          throw new Error('never');
        },
      },
      expect.any(String),
    ],
  ])('writes down %s too', (_, thrown: unknown, message) => {
    expect(toErrorRecord(thrown)).toEqual({ name: 'Error', code: 'STEP_FAILED', message });
  });

  it('writes down a cause that is no error', () => {
    expect(toErrorRecord(new Error('top', { cause: 'deep' })).cause).toEqual({
      name: 'Error',
      code: 'STEP_FAILED',
      message: 'deep',
    });
  });

  it('leaves out causes that are too deep, and so ends in a circle too', () => {
    const knot = new Error('knot');
    knot.cause = knot;
    let depth = 0;
    for (let record = toErrorRecord(knot).cause; record !== undefined; record = record.cause) depth++;
    expect(depth).toBe(8);
  });
});

describe('originalError', () => {
  it('gives back what a record was made from', () => {
    const error = new Error('broken');
    expect(originalError(toErrorRecord(error))).toBe(error);
    expect(originalError(toErrorRecord('text'))).toBe('text');
  });

  it('knows nothing of a record that comes from elsewhere', () => {
    const record = toErrorRecord(new Error('broken'));
    expect(originalError({ ...record })).toBeUndefined();
    expect(originalError(JSON.parse(JSON.stringify(record)))).toBeUndefined();
  });
});
