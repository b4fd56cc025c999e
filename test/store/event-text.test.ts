import { anything, assert, constant, dictionary, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events.ts';
import { eventText } from '../../src/store/event-text.ts';
import { readEvent, readEvents } from '../../src/store/read-events.ts';

const envelope = { runId: 'r', seq: 7, path: '/a', step: 'a', attempt: 1, at: 5 } as const;

function custom(data: unknown, facts: Partial<RunEvent> = {}): RunEvent {
  return { ...envelope, type: 'custom', name: 'n', data, ...facts } as RunEvent;
}

function nested(depth: number): unknown {
  let value: unknown = new Date(0);
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

const odd: readonly unknown[] = [
  ...[undefined, null, true, 0, -0, 0.1, 1e21, 1e-7, Number.NaN, Number.NEGATIVE_INFINITY, 12n],
  ...['', 'é', '"', '\\', '\n', '\u0000', '\u007f', '\u2028', '\ud800', 'x'.repeat(65), '"'.repeat(65)],
  ...[new Date(3), new Map([['k', new Set([1])]]), new Uint8Array([1, 2]), { $type: 'Date', value: 'x' }],
  ...[[undefined, [Number.NaN]], { b: 1, a: { $type: 1 } }, JSON.parse('{"__proto__":{"a":1}}')],
];

describe('eventText', () => {
  it.each(odd.map((value) => [value]))('keeps %o as it is', (value) => {
    const event = custom(value);
    expect(readEvent('r', 7, eventText(event))).toStrictEqual(event);
  });

  it('keeps whatever the strict codec takes, and any text in its other fields', () => {
    const values = oneof(string(), constant(-0), anything({ withDate: true, withBigInt: true, maxDepth: 3 }));
    const texts = string({ unit: 'binary' });
    assert(
      property(
        values,
        texts,
        dictionary(string(), texts, { noNullPrototype: true }),
        (value, text, record) => {
          for (const data of [value, record]) {
            const event = custom(data, { path: text, step: text });
            expect(readEvent('r', 7, eventText(event))).toStrictEqual(event);
          }
        },
      ),
    );
  });

  it('keeps what is nested as deep as the codec takes', () => {
    const event = custom(nested(999));
    expect(readEvent('r', 7, eventText(event))).toStrictEqual(event);
    expect(() => eventText(custom(nested(1001)))).toThrow('nested deeper');
  });

  it('leaves out what its place says, which is put in again', () => {
    const event = custom(1);
    expect(eventText(event)).toBe(
      '{"type":"custom","path":"/a","step":"a","attempt":1,"at":5,"name":"n","data":1}',
    );
    expect(readEvents('q', 3, `[${eventText(event)},${eventText(event)}]`)).toStrictEqual([
      { ...event, runId: 'q', seq: 3 },
      { ...event, runId: 'q', seq: 4 },
    ]);
  });

  it('refuses what the codec refuses, and says where that is', () => {
    expect(() => eventText(custom({ deep: [() => 1] }))).toThrow(
      expect.objectContaining({
        name: 'NonSerializableOutputError',
        message: expect.stringContaining('$.data.deep[0]'),
      }),
    );
  });
});
