import { NonSerializableOutputError, WireFormatError } from './errors.ts';

/** Plain JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Marks what JSON has no word for: `{ "$type": "Date", "value": "2026-01-01T00:00:00.000Z" }`. */
const tag = '$type';

const deepest = 1000;

/**
 * Writes a value down as JSON, without losing anything of it: beside what JSON knows, `Date`, `Map`, `Set`, `bigint`,
 * `Uint8Array`, `Error`, `undefined`, NaN, the infinities and -0. Keys come out sorted, so that equal values are
 * written alike; a hole in an array becomes `undefined`.
 *
 * Errors: `NonSerializableOutputError` for anything else (functions, symbols, instances of classes, circles, nesting deeper
 * than 1000), with the place in the value.
 */
export function encode(value: unknown): Json {
  return encodeAt(value, { above: [], keys: [] });
}

/** Where in the value something is: the objects around it, and the keys that lead to it. */
interface Trail {
  readonly above: object[];
  readonly keys: (string | number)[];
}

function placeOf({ keys }: Trail): string {
  return `$${keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')}`;
}

/**
 * Gives the value that {@link encode} wrote down.
 *
 * Errors: `WireFormatError` for JSON that it cannot have written.
 */
export function decode(json: Json): unknown {
  return decodeAt(json, 0);
}

function decodeAt(json: Json, depth: number): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (depth > deepest) throw new WireFormatError(`nested deeper than ${deepest}`);
  const inner = (part: Json): unknown => decodeAt(part, depth + 1);
  if (Array.isArray(json)) return json.map(inner);
  const type = json[tag];
  if (type === undefined) {
    const record: Record<string, unknown> = {};
    for (const key of Object.keys(json)) put(record, key, inner(json[key] as Json));
    return record;
  }
  const decoder = typeof type === 'string' && Object.hasOwn(decoders, type) ? decoders[type] : undefined;
  if (decoder === undefined) throw new WireFormatError(`the type ${JSON.stringify(type)} is unknown`);
  return decoder(json.value ?? null, inner);
}

function encodeAt(value: unknown, trail: Trail): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : tagged('number', numberName(value));
    case 'bigint':
      return tagged('bigint', value.toString());
    case 'undefined':
      return tagged('undefined', null);
    case 'object':
      return value === null ? null : encodeObject(value, trail);
    default:
      throw new NonSerializableOutputError(placeOf(trail), `a ${typeof value}`);
  }
}

function encodeObject(value: object, trail: Trail): Json {
  const { above } = trail;
  if (above.includes(value)) throw new NonSerializableOutputError(placeOf(trail), 'part of itself');
  if (above.length >= deepest)
    throw new NonSerializableOutputError(placeOf(trail), `nested deeper than ${deepest}`);
  above.push(value);
  const json = Array.isArray(value) ? encodeItems(value, trail) : encodeKeyed(value, trail);
  above.pop();
  return json;
}

function encodeItems(items: readonly unknown[], trail: Trail): Json {
  // A hole is an item as well.
  return Array.from(items, (item, index) => encodePart(item, index, trail));
}

function encodePart(part: unknown, key: string | number, trail: Trail): Json {
  trail.keys.push(key);
  const json = encodeAt(part, trail);
  trail.keys.pop();
  return json;
}

function encodeKeyed(value: object, trail: Trail): Json {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return encodeInstance(value, trail);
  if (Object.getOwnPropertySymbols(value).length > 0)
    throw new NonSerializableOutputError(placeOf(trail), 'an object with symbols for keys');
  const record = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(record).sort();
  if (Object.hasOwn(record, tag))
    return tagged(
      'Object',
      encodeAt(
        keys.map((key) => [key, record[key]]),
        trail,
      ),
    );
  const json: { [key: string]: Json } = {};
  for (const key of keys) put(json, key, encodePart(record[key], key, trail));
  return json;
}

function encodeInstance(value: object, trail: Trail): Json {
  if (value instanceof Date)
    return tagged('Date', Number.isNaN(value.getTime()) ? null : value.toISOString());
  if (value instanceof Uint8Array) return tagged('bytes', toBase64(value));
  if (value instanceof Set) return tagged('Set', encodeAt([...value], trail));
  if (value instanceof Map) return tagged('Map', encodeAt([...value], trail));
  if (value instanceof Error) return tagged('Error', encodeAt(factsOf(value), trail));
  throw new NonSerializableOutputError(placeOf(trail), 'an instance of a class');
}

/** Sets a key, whatever its name: assigning to this one would change what the object is. */
function put<T>(record: Record<string, T>, key: string, value: T): void {
  if (key !== '__proto__') record[key] = value;
  else Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}

type Decoder = (value: Json, inner: (part: Json) => unknown) => unknown;

const decoders: Readonly<Record<string, Decoder>> = {
  number: (value) => toNumber(value),
  bigint: (value) => toBigInt(value),
  undefined: () => undefined,
  Date: (value) => toDate(value),
  bytes: (value) => fromBase64(String(value)),
  Set: (value, inner) => new Set(listOf(value).map(inner)),
  Map: (value, inner) => new Map(pairsOf(value, inner)),
  Object: (value, inner) => Object.fromEntries(pairsOf(value, inner)),
  Error: (value, inner) => toError(inner(value)),
};

function listOf(value: Json): Json[] {
  if (!Array.isArray(value)) throw new WireFormatError('a list was expected');
  return value;
}

function pairsOf(value: Json, inner: (part: Json) => unknown): [string, unknown][] {
  return listOf(value).map((pair) => {
    const [key, part, ...more] = listOf(pair);
    if (key === undefined || part === undefined || more.length > 0)
      throw new WireFormatError('a pair was expected');
    return [inner(key) as string, inner(part)];
  });
}

function toNumber(value: Json): number {
  if (typeof value !== 'string' || !/^(?:NaN|-?Infinity|-0)$/.test(value))
    throw new WireFormatError('a number was expected');
  return Number(value);
}

function toDate(value: Json): Date {
  const date = new Date(value === null ? Number.NaN : String(value));
  if (value !== null && Number.isNaN(date.getTime())) throw new WireFormatError('a date was expected');
  return date;
}

function toBigInt(value: Json): bigint {
  if (typeof value !== 'string' || !/^-?\d+$/.test(value))
    throw new WireFormatError('a whole number was expected');
  return BigInt(value);
}

/** What an error has of its own without showing it. */
const hidden: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors']);

function toError(facts: unknown): Error {
  const error = new Error();
  for (const [key, value] of Object.entries(Object(facts)))
    Object.defineProperty(error, key, {
      value,
      writable: true,
      configurable: true,
      enumerable: !hidden.has(key),
    });
  return error;
}

function factsOf(error: Error): object {
  const { name, message, stack, cause } = error;
  return {
    ...error,
    name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined ? {} : { cause }),
    ...('errors' in error ? { errors: error.errors } : {}),
  };
}

function tagged(type: string, value: Json): Json {
  return { [tag]: type, value };
}

function numberName(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0)
    throw new WireFormatError('bytes were expected');
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
