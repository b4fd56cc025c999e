import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { NonSerializableOutputError, StepTimeoutError, WireFormatError } from 'tutti';
import { describe, expect, it } from 'vitest';
import { decode, encode, type Json } from '../../src/core/codec.ts';
import { anyText } from './support.ts';

/** What comes back after a journey as text. */
const travelled = (value: unknown): unknown => decode(JSON.parse(JSON.stringify(encode(value))) as Json);

/** The place at which encoding fails. */
function refusedAt(value: unknown): string {
  try {
    encode(value);
  } catch (error) {
    if (error instanceof NonSerializableOutputError) return error.at;
    throw error;
  }
  return 'nowhere';
}

class Point {
  readonly x = 1;
}

/** Everything that can be written down, in everything that can hold it. */
const anyValue = fc.letrec<{ value: unknown }>((again) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      anyText,
      fc.double(),
      fc.boolean(),
      fc.bigInt(),
      fc.date({ noInvalidDate: false }),
      fc.uint8Array(),
      fc.constantFrom(undefined, null, -0, Number.NaN, Number.POSITIVE_INFINITY),
    ),
    fc.array(again('value')),
    fc.array(again('value')).map((items) => new Set(items)),
    fc.array(fc.tuple(again('value'), again('value'))).map((pairs) => new Map(pairs)),
    fc.dictionary(
      fc.oneof(anyText, fc.constantFrom('$type', '__proto__', 'value', 'constructor', '0')),
      again('value'),
      { noNullPrototype: true },
    ),
  ),
})).value;

describe('encode', () => {
  it('leaves plain JSON as it is', () => {
    const plain = { a: [1, 'x', null, true, { b: -1.5e300 }], c: {}, d: [], '': '' };
    expect(encode(plain)).toEqual(plain);
  });

  it('writes down what JSON has no word for', () => {
    const date = new Date('2026-01-01T00:00:00.000Z');
    expect(encode(date)).toEqual({ $type: 'Date', value: '2026-01-01T00:00:00.000Z' });
    expect(encode({ a: undefined, b: 10n })).toEqual({
      a: { $type: 'undefined', value: null },
      b: { $type: 'bigint', value: '10' },
    });
  });

  it('writes equal values alike, whatever the order of their keys', () => {
    expect(JSON.stringify(encode({ b: 1, a: { d: 1, c: 2 } }))).toBe(
      JSON.stringify(encode({ a: { c: 2, d: 1 }, b: 1 })),
    );
    expect(JSON.stringify(encode({ 10: 1, 9: 1, b: 1, a: 1 }))).toBe('{"9":1,"10":1,"a":1,"b":1}');
  });

  it('may meet a value twice', () => {
    const shared = { n: 1 };
    expect(encode({ a: shared, b: [shared, shared] })).toEqual({ a: shared, b: [shared, shared] });
  });

  it('does not change what it writes down', () => {
    const value = Object.freeze({ b: Object.freeze([1]), a: Object.freeze(new Map([[1, 2]])) });
    expect(() => encode(value)).not.toThrow();
  });

  it.each<[string, unknown, string]>([
    ['a function', () => 1, '$'],
    ['a symbol', { a: Symbol('s') }, '$.a'],
    ['an instance of a class', { a: [0, new Point()] }, '$.a[1]'],
    ['a promise', Promise.resolve(1), '$'],
    ['a RegExp', { pattern: /x/ }, '$.pattern'],
    ['a boxed number', Object(1), '$'],
    ['a typed array other than bytes', new Float64Array(1), '$'],
    ['an ArrayBuffer', new ArrayBuffer(1), '$'],
    ['a WeakMap', new WeakMap(), '$'],
    ['an object that inherits', Object.create({ a: 1 }), '$'],
    ['an object that inherits from nothing much', Object.create(Object.create(null)), '$'],
    ['an object with a symbol for a key', { a: { [Symbol('s')]: 1 } }, '$.a'],
    ['a method', { user: { onClick() {} } }, '$.user.onClick'],
  ])('refuses %s, and says where it is', (_, value, at) => {
    expect(refusedAt(value)).toBe(at);
  });

  it('refuses what is within Map, Set and Error too', () => {
    expect(refusedAt(new Map([['a', () => 1]]))).toMatch(/^\$/);
    expect(refusedAt({ s: new Set([Symbol('s')]) })).toMatch(/^\$\.s/);
    expect(refusedAt(new Error('x', { cause: () => 1 }))).toBe('$.cause');
    expect(refusedAt(Object.assign(new Error('x'), { response: new Point() }))).toBe('$.response');
  });

  it('refuses what is part of itself, however', () => {
    const object: Record<string, unknown> = {};
    object.self = { inner: object };
    const array: unknown[] = [];
    array.push(array);
    const map = new Map<string, unknown>();
    map.set('self', map);
    const set = new Set<unknown>();
    set.add({ set });
    const error = new Error('x');
    error.cause = error;
    expect([object, array, map, set, error].map(refusedAt)).toEqual([
      '$.self.inner',
      '$[0]',
      '$[0][1]',
      '$[0].set',
      '$.cause',
    ]);
  });

  it('refuses what is too deep, before the stack overflows', () => {
    let deep: unknown = 0;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(refusedAt(deep)).toMatch(/^(\$)(\[0\]){1000}$/);
    let allowed: unknown = 0;
    for (let level = 0; level < 1000; level++) allowed = { a: allowed };
    expect(travelled(allowed)).toEqual(allowed);
  });
});

describe('decode', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['minus infinity', Number.NEGATIVE_INFINITY],
    ['minus zero', -0],
    ['a bigint', -(2n ** 100n)],
    ['a date', new Date(0)],
    ['a date far away', new Date(8.64e15)],
    ['no date', new Date(Number.NaN)],
    ['bytes', new Uint8Array([0, 1, 127, 128, 255])],
    ['no bytes', new Uint8Array()],
    [
      'a Map',
      new Map<unknown, unknown>([
        ['a', 1],
        [{ b: 2 }, new Map()],
      ]),
    ],
    ['a Set', new Set<unknown>([1, '1', new Set(), undefined])],
    ['undefined in places', { a: undefined, b: [undefined] }],
    ['an object that looks like ours', { $type: 'Date', value: 'x' }],
    ['an object that looks more like ours', { $type: { $type: 'Map' } }],
    ['half a character', '\ud800'],
  ])('gives back %s', (_, value) => {
    expect(travelled(value)).toStrictEqual(value);
    expect(travelled({ in: [value] })).toStrictEqual({ in: [value] });
  });

  it('gives back a hole as undefined', () => {
    // biome-ignore lint/suspicious/noSparseArray: it is what is tested
    expect(travelled([1, , 2])).toStrictEqual([1, undefined, 2]);
  });

  it('gives back bytes of every kind as bytes', () => {
    expect(travelled(Buffer.from('text'))).toEqual(new Uint8Array(Buffer.from('text')));
    expect(travelled(new Uint8Array([1, 2, 3, 4]).subarray(1, 3))).toEqual(new Uint8Array([2, 3]));
    const many = new Uint8Array(300_000).map((_, i) => i);
    expect(isDeepStrictEqual(travelled(many), many)).toBe(true);
  });

  it('gives back an error with all its facts, as an Error', () => {
    const error = Object.assign(new TypeError('broken', { cause: new StepTimeoutError('s', 5) }), {
      status: 503,
    });
    const back = travelled(error);
    expect(back).toBeInstanceOf(Error);
    expect(back).toMatchObject({
      name: 'TypeError',
      message: 'broken',
      stack: error.stack,
      status: 503,
      cause: { name: 'StepTimeoutError', code: 'STEP_TIMEOUT', stepId: 's', timeoutMs: 5 },
    });
    expect(back instanceof Error && back.cause).toBeInstanceOf(Error);
  });

  it('gives back an error that can travel on, with nothing lost on the way', () => {
    const error = Object.assign(new Error('x', { cause: new Error('y') }), { code: 'Z' });
    expect(encode(decode(encode(error)))).toEqual(encode(error));
    expect(encode(travelled(travelled(error)))).toEqual(encode(error));
  });

  it('gives back the errors of an aggregate', () => {
    const back = travelled(new AggregateError([new Error('a'), new Error('b')], 'both'));
    expect(back).toMatchObject({ message: 'both', errors: [{ message: 'a' }, { message: 'b' }] });
  });

  it('gives back any value that can be written down', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(isDeepStrictEqual(travelled(value), value)).toBe(true);
      }),
    );
  });
});

describe('decode, of what was not written by encode,', () => {
  it.each<[string, Json]>([
    ['a type that nobody knows', { $type: 'Point', value: 1 }],
    ['a type that every object has', { $type: 'constructor', value: 1 }],
    ['a type that is no text', { $type: 7, value: 1 }],
    ['a number that is none', { $type: 'bigint', value: 'abc' }],
    ['a Map that is no list', { $type: 'Map', value: 1 }],
    ['a Map without pairs', { $type: 'Map', value: [1] }],
    ['a Map with half a pair', { $type: 'Map', value: [[1]] }],
    ['a Set that is no list', { $type: 'Set', value: {} }],
    ['an Object without pairs', { $type: 'Object', value: null }],
    ['bytes that are none', { $type: 'bytes', value: '%' }],
    ['a date that is none', { $type: 'Date', value: 'soon' }],
    ['a number that is no number', { $type: 'number', value: 'abc' }],
  ])('refuses %s', (_, json) => {
    expect(() => decode(json)).toThrow(WireFormatError);
    expect(() => decode({ a: [json] })).toThrow(WireFormatError);
  });

  it('refuses what is too deep, before the stack overflows', () => {
    let deep: Json = 0;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(() => decode(deep)).toThrow(WireFormatError);
  });

  it('reaches no prototype', () => {
    const bait = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const json = JSON.parse(bait) as Json;
    const pairs: Json = [['__proto__', { polluted: 1 }]];
    const texts = [
      json,
      { $type: 'Error', value: json },
      { $type: 'Object', value: pairs },
      { a: { $type: 'Map', value: pairs } },
    ];
    const [plain, error, tagged] = texts.map(decode);
    expect(Object.keys(plain as object)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
    expect(error).toBeInstanceOf(Error);
    expect(Object.getPrototypeOf(tagged)).toBe(Object.prototype);
    expect(Object.hasOwn(tagged as object, '__proto__')).toBe(true);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('gives back a key called __proto__ as a key', () => {
    const value = JSON.parse('{"__proto__":{"a":1},"b":2}') as object;
    const back = travelled(value) as object;
    expect(Object.entries(back)).toEqual(Object.entries(value));
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  });
});
