import { NonSerializableOutputError } from './errors.ts';

/** Plain JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Marks what JSON has no word for: `{ "$type": "Date", "value": "2026-01-01T00:00:00.000Z" }`. */
const tag = '$type';

const deepest = 1000;

/**
 * Writes a value down as JSON, without losing anything of it: beside what JSON knows, `Date`, `Map`, `Set`, `bigint`,
 * `Uint8Array`, `Error`, `undefined`, NaN, the infinities and -0. Keys come out sorted, so that equal values are written alike.
 *
 * Errors: `NonSerializableOutputError` for anything else (functions, symbols, instances of classes, circles, nesting deeper
 * than 1000), with the place in the value.
 */
export function encode(value: unknown): Json {
  return encodeAt(value, '$', []);
}

/** Gives the value that {@link encode} wrote down. */
export function decode(json: Json): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(decode);
  const type = json[tag];
  if (typeof type === 'string' && Object.hasOwn(decoders, type)) return decoders[type]?.(json.value ?? null);
  return Object.fromEntries(Object.entries(json).map(([key, inner]) => [key, decode(inner)]));
}

function encodeAt(value: unknown, at: string, above: readonly object[]): Json {
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
      return value === null ? null : encodeObject(value, at, above);
    default:
      throw new NonSerializableOutputError(at, `a ${typeof value}`);
  }
}

function encodeObject(value: object, at: string, above: readonly object[]): Json {
  if (above.includes(value)) throw new NonSerializableOutputError(at, 'part of itself');
  if (above.length >= deepest) throw new NonSerializableOutputError(at, `nested deeper than ${deepest}`);
  const inside = [...above, value];
  const inner = (part: unknown, key: string): Json => encodeAt(part, `${at}${key}`, inside);
  if (Array.isArray(value)) return Array.from(value, (item, index) => inner(item, `[${index}]`));
  if (value instanceof Date)
    return tagged('Date', Number.isNaN(value.getTime()) ? null : value.toISOString());
  if (value instanceof Uint8Array) return tagged('bytes', toBase64(value));
  if (value instanceof Set) return tagged('Set', inner([...value], ''));
  if (value instanceof Map) return tagged('Map', inner([...value], ''));
  if (value instanceof Error) return tagged('Error', inner(factsOf(value), ''));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype)
    throw new NonSerializableOutputError(at, `a ${value.constructor.name}`);
  const entries = Object.entries(value).sort(byKey);
  if (Object.hasOwn(value, tag)) return tagged('Object', inner(entries, ''));
  return Object.fromEntries(entries.map(([key, part]) => [key, inner(part, `.${key}`)]));
}

const decoders: Readonly<Record<string, (value: Json) => unknown>> = {
  number: (value) => Number(value),
  bigint: (value) => BigInt(String(value)),
  undefined: () => undefined,
  Date: (value) => new Date(value === null ? Number.NaN : String(value)),
  bytes: (value) => fromBase64(String(value)),
  Set: (value) => new Set(listOf(value)),
  Map: (value) => new Map(pairsOf(value)),
  Object: (value) => Object.fromEntries(pairsOf(value)),
  Error: (value) => Object.assign(new Error(), decode(value)),
};

function listOf(value: Json): unknown[] {
  return Array.isArray(value) ? value.map(decode) : [];
}

function pairsOf(value: Json): [string, unknown][] {
  return listOf(value) as [string, unknown][];
}

function factsOf(error: Error): object {
  const { name, message, stack, cause } = error;
  return {
    ...error,
    name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined ? {} : { cause }),
  };
}

function tagged(type: string, value: Json): Json {
  return { [tag]: type, value };
}

function numberName(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
