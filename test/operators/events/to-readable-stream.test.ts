import { concat, EMPTY, from, map, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { DefinitionError, type RunEvent, run, step } from 'tutti';
import { BufferOverflowError, toReadableStream } from 'tutti/operators';
import { describe, expect, expectTypeOf, it } from 'vitest';

const broken = new RangeError('broken');

async function readAll<T>(stream: ReadableStream<T>): Promise<T[]> {
  const all: T[] = [];
  const reader = stream.getReader();
  for (let result = await reader.read(); !result.done; result = await reader.read()) all.push(result.value);
  return all;
}

/** Lets everything happen that is waiting to. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('toReadableStream', () => {
  it('reads the events of a run, to their end', async () => {
    const slow = step('slow', async (n: number) => n + 1);
    const events = await readAll(toReadableStream(run(slow, 1)));
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'step.started',
      'step.completed',
      'run.completed',
    ]);
    expect(await readAll(toReadableStream(EMPTY))).toEqual([]);
  });

  it('is the body of an HTTP answer', async () => {
    const greet = step('greet', (name: string) => `Hello ${name}`);
    const lines$ = run(greet, 'you').pipe(map(({ seq, type }) => `data: ${seq} ${type}\n\n`));
    const answer = new Response(toReadableStream(lines$).pipeThrough(new TextEncoderStream()));
    expect(await answer.text()).toBe(
      'data: 0 run.started\n\ndata: 1 step.started\n\ndata: 2 step.completed\n\ndata: 3 run.completed\n\n',
    );
  });

  it('takes no more than there is room for; the rest waits in the buffer', async () => {
    const source = new Subject<number>();
    const stream = toReadableStream(source, { highWaterMark: 2, buffer: 3, overflow: 'drop-newest' });
    await settled();
    for (let n = 0; n < 20; n++) {
      source.next(n);
      await settled();
    }
    source.complete();
    // Two in the stream, three in the buffer; the others were told of when there was no room.
    expect(await readAll(stream)).toEqual([0, 1, 2, 3, 4]);
  });

  it('fails when the buffer is full, after what waits', async () => {
    const many$ = from(Array.from({ length: 20 }, (_, n) => n));
    const reader = toReadableStream(many$, { buffer: 3 }).getReader();
    const read: unknown[] = [];
    const error = await (async () => {
      for (;;) read.push((await reader.read()).value);
    })().catch((thrown: unknown) => thrown);
    expect(read).toEqual([0, 1, 2, 3]);
    expect(error).toBeInstanceOf(BufferOverflowError);
  });

  it('fails with the error of the stream, after what came before it', async () => {
    const reader = toReadableStream(
      concat(
        of(1),
        throwError(() => broken),
      ),
    ).getReader();
    expect(await reader.read()).toEqual({ done: false, value: 1 });
    await expect(reader.read()).rejects.toBe(broken);
  });

  it('subscribes at once, or with the first read where it takes nothing beforehand', async () => {
    let subscribed = 0;
    const source$ = new Observable<number>((subscriber) => {
      subscribed++;
      subscriber.next(1);
      subscriber.complete();
    });
    toReadableStream(source$);
    await settled();
    expect(subscribed).toBe(1);
    const lazy = toReadableStream(source$, { highWaterMark: 0 });
    await settled();
    expect(subscribed).toBe(1);
    expect(await readAll(lazy)).toEqual([1]);
    expect(subscribed).toBe(2);
  });

  it('lets go of the run when it is cancelled, while a read waits too', async () => {
    let stopped = 0;
    const source$ = new Observable<string>((subscriber) => {
      subscriber.add(() => stopped++);
      return concat(of('x'), NEVER).subscribe(subscriber);
    });
    const reader = toReadableStream(source$).getReader();
    expect(await reader.read()).toEqual({ done: false, value: 'x' });
    const waiting = reader.read();
    await reader.cancel('enough');
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(stopped).toBe(1);
    for await (const value of toReadableStream(source$)) {
      expect(value).toBe('x');
      break;
    }
    expect(stopped).toBe(2);
  });

  it('refuses options that mean nothing', () => {
    expect(() => toReadableStream(NEVER, { highWaterMark: -1 })).toThrow(DefinitionError);
    expect(() => toReadableStream(NEVER, { highWaterMark: Number.NaN })).toThrow(DefinitionError);
    expect(() => toReadableStream(NEVER, { buffer: 0 })).toThrow(DefinitionError);
  });

  it('has types', () => {
    expectTypeOf<typeof toReadableStream<RunEvent<number>>>().returns.toEqualTypeOf<
      ReadableStream<RunEvent<number>>
    >();
    // @ts-expect-error: an array is no stream
    () => toReadableStream([1, 2]);
    // @ts-expect-error: a number
    () => toReadableStream(NEVER, { highWaterMark: '1' });
  });
});
