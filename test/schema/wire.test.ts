import { of } from 'rxjs';
import { NonSerializableOutputError, outputOf, type RunEvent, run, step, WireFormatError } from 'tutti';
import { fallback, named, parallel, retry, sequence } from 'tutti/operators';
import { decode, encode, fromWire, type Json, toWire } from 'tutti/schema';
import { checkEvents, collectRun } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { happened } from '../testing/happened.ts';

/** An event after a journey as text. */
const travelled = (event: RunEvent): RunEvent => fromWire(JSON.parse(JSON.stringify(toWire(event))));

/** What is not plain JSON, in one value. */
const rich = {
  map: new Map<unknown, unknown>([[{ k: 1 }, new Set([1n])]]),
  date: new Date(1_700_000_000_000),
  big: 2n ** 70n,
  bytes: new Uint8Array([1, 255]),
  nothing: undefined,
  numbers: [Number.NaN, -0, Number.NEGATIVE_INFINITY],
  ['__proto__']: 'own',
  $type: 'mine',
};

/** A run that tells of everything that runs can tell of by now. */
async function eventfulRun(): Promise<readonly RunEvent[]> {
  const streaming = step({
    id: 'streaming',
    partial: z.unknown(),
    async *run(_: unknown, ctx) {
      ctx.progress(0.25, 'a quarter');
      ctx.progress(0.5);
      ctx.cost({
        usd: 0.001,
        provider: 'p',
        model: 'm',
        inputTokens: 1,
        outputTokens: 2,
        cachedInputTokens: 0,
      });
      ctx.log('hello', 'debug');
      ctx.emit('mine', rich);
      ctx.partial(rich.map);
      yield rich.date;
      yield undefined;
      return rich;
    },
  });
  const flaky = step('flaky', (_: unknown, ctx) => {
    if (ctx.attempt === 1)
      throw Object.assign(new Error('busy', { cause: new TypeError('deep') }), { code: 'E' });
    return of(rich.big);
  }).with(retry({ delay: 0 }));
  const failing = step('failing', (_: unknown): Uint8Array => {
    throw new Error('no');
  }).with(fallback(step('basic', () => rich.bytes)));
  const whole = named(
    'whole',
    sequence(streaming, parallel({ flaky, failing, none: step('none', () => undefined) })),
  );
  return (await collectRun(run(whole, rich))).events;
}

describe('toWire and fromWire', () => {
  it('carry a real run over a wire, with nothing lost', async () => {
    const events = await eventfulRun();
    expect(new Set(events.map(({ type }) => type)).size).toBe(11);
    const arrived = events.map(travelled);
    expect(arrived).toStrictEqual(events);
    expect(checkEvents(arrived)).toEqual([]);
    expect(arrived.at(-1)).toMatchObject({
      output: { flaky: rich.big, failing: rich.bytes, none: undefined },
    });
  });

  it('carry a failure and a cancellation', async () => {
    const failed = await collectRun(
      run(
        step('s', () => Promise.reject(new RangeError('no'))),
        1,
      ),
    );
    expect(failed.events.map(travelled)).toStrictEqual(failed.events);
    const cancelled = await collectRun(
      run(
        step('s', () => 1),
        1,
        { signal: AbortSignal.abort('enough') },
      ),
    );
    expect(cancelled.events.map(travelled)).toStrictEqual(cancelled.events);
  });

  it('let the output be taken on the other side', async () => {
    const events = await eventfulRun();
    expect(await outputOf(of(...events.map(travelled)))).toStrictEqual(await outputOf(of(...events)));
  });

  it('are typed', () => {
    expectTypeOf(toWire).toEqualTypeOf<(event: RunEvent) => Json>();
    expectTypeOf(fromWire).toEqualTypeOf<(json: unknown) => RunEvent>();
  });
});

describe('toWire', () => {
  it('gives plain JSON', () => {
    const json = toWire(happened('step.completed', '/a', { output: rich, source: 'live' }));
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  it('refuses what cannot be written down, and says where it is', () => {
    const refused = () => toWire(happened('step.partial', '/a', { index: 0, chunk: { on: () => 1 } }));
    expect(refused).toThrow(NonSerializableOutputError);
    expect(refused).toThrow('$.chunk.on is a function');
  });
});

describe('fromWire', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'x'],
    ['another record', { a: 1 }],
    ['an event with more', { ...happened('step.skipped', '/a', { reason: 'x' }), more: 1 }],
    ['an event with less', { ...happened('step.skipped', '/a'), seq: undefined }],
  ])('refuses %s', (_, json) => {
    expect(() => fromWire(json)).toThrow(z.ZodError);
  });

  it('refuses JSON that toWire cannot have written', () => {
    const event = happened('custom', '/a', { name: 'x', data: { $type: 'Point', value: 1 } });
    expect(() => fromWire(event)).toThrow(WireFormatError);
  });
});

describe('encode and decode', () => {
  it('are those of the core', () => {
    expect(decode(encode(rich))).toStrictEqual(rich);
  });
});
