import { concat, EMPTY, from, map, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { DefinitionError, type RunEvent, run, step, TuttiError } from 'tutti';
import { BufferOverflowError, limitPartials, type Overflow, toAsyncIterable } from 'tutti/operators';
import { marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';

const broken = new RangeError('broken');

async function readAll<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of iterable) all.push(value);
  return all;
}

/** An iterator over a subject, which has been asked for its first value and so listens. */
function listening<T>(options: Parameters<typeof toAsyncIterable>[1] = {}) {
  const source = new Subject<T>();
  const iterator = toAsyncIterable(source, options)[Symbol.asyncIterator]();
  return { source, iterator, first: iterator.next() };
}

const value = <T>(value: T) => ({ done: false, value });
const done = { done: true, value: undefined };

describe('toAsyncIterable', () => {
  it('reads the events of a run', async () => {
    const slow = step('slow', async (n: number) => n + 1);
    const events = await readAll(toAsyncIterable(run(slow, 1)));
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'step.started',
      'step.completed',
      'run.completed',
    ]);
  });

  it('gives what has come, in order, and answers those who asked before it came', async () => {
    const { source, iterator, first } = listening<number>();
    const second = iterator.next();
    source.next(1);
    source.next(2);
    source.next(3);
    source.complete();
    expect([await first, await second, await iterator.next()]).toEqual([value(1), value(2), value(3)]);
    expect([await iterator.next(), await iterator.next()]).toEqual([done, done]);
  });

  it('gives every value, undefined too', async () => {
    expect(await readAll(toAsyncIterable(of(undefined, null, 0)))).toEqual([undefined, null, 0]);
    expect(await readAll(toAsyncIterable(EMPTY))).toEqual([]);
  });

  it('subscribes with the first question, anew for each iterator', async () => {
    let subscribed = 0;
    const source$ = new Observable<number>((subscriber) => {
      subscriber.next(++subscribed);
      subscriber.complete();
    });
    const iterable = toAsyncIterable(source$);
    const idle = iterable[Symbol.asyncIterator]();
    expect(subscribed).toBe(0);
    expect(await readAll(iterable)).toEqual([1]);
    expect(await readAll(iterable)).toEqual([2]);
    expect(await idle.return?.()).toEqual(done);
    expect(await idle.next()).toEqual(done);
    expect(subscribed).toBe(2);
  });

  it('answers all who wait when the stream completes', async () => {
    const { source, iterator, first } = listening<number>();
    const others = [iterator.next(), iterator.next()];
    source.next(1);
    source.complete();
    expect(await Promise.all([first, ...others])).toEqual([value(1), done, done]);
  });

  it('fails with the error of the stream once, after what came before it', async () => {
    const iterator = toAsyncIterable(
      concat(
        of(1, 2),
        throwError(() => broken),
      ),
    )[Symbol.asyncIterator]();
    expect([await iterator.next(), await iterator.next()]).toEqual([value(1), value(2)]);
    await expect(iterator.next()).rejects.toBe(broken);
    expect(await iterator.next()).toEqual(done);
    const { source, iterator: waiting, first } = listening<number>();
    const second = waiting.next();
    source.error(broken);
    await expect(first).rejects.toBe(broken);
    expect(await second).toEqual(done);
  });

  it("with 'error', lets go of the source when the buffer is full, and fails after what waits", async () => {
    const { source, iterator, first } = listening<number>({ buffer: 2 });
    for (let n = 0; n < 3; n++) source.next(n);
    expect(source.observed).toBe(true);
    source.next(3);
    expect(source.observed).toBe(false);
    expect([await first, await iterator.next(), await iterator.next()]).toEqual([0, 1, 2].map(value));
    const error = await iterator.next().then(undefined, (thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BufferOverflowError);
    expect(error).toBeInstanceOf(TuttiError);
    expect(error).toMatchObject({ name: 'BufferOverflowError', code: 'BUFFER_OVERFLOW', buffer: 2 });
    expect(await iterator.next()).toEqual(done);
  });

  it("with 'drop-oldest', forgets what has waited longest", async () => {
    const { source, iterator, first } = listening<number>({ buffer: 2, overflow: 'drop-oldest' });
    for (let n = 0; n < 6; n++) source.next(n);
    source.complete();
    expect([await first, await iterator.next(), await iterator.next(), await iterator.next()]).toEqual([
      value(0),
      value(4),
      value(5),
      done,
    ]);
  });

  it("with 'drop-newest', forgets what has just come", async () => {
    const { source, iterator, first } = listening<number>({ buffer: 2, overflow: 'drop-newest' });
    for (let n = 0; n < 6; n++) source.next(n);
    expect([await first, await iterator.next(), await iterator.next()]).toEqual([0, 1, 2].map(value));
    source.next(6);
    expect(await iterator.next()).toEqual(value(6));
  });

  it('holds 1000 where nothing is said, and any number when told so', async () => {
    const many = (length: number) => from(Array.from({ length }, (_, n) => n));
    expect(await readAll(toAsyncIterable(many(1001)))).toHaveLength(1001);
    await expect(readAll(toAsyncIterable(many(1002)))).rejects.toThrow(BufferOverflowError);
    const all = toAsyncIterable(many(200_000), { buffer: Number.POSITIVE_INFINITY });
    expect(await readAll(all)).toHaveLength(200_000);
  });

  it('needs little room for partials that were merged', async () => {
    const a = step('a', (_: string) => from(Array.from({ length: 5000 }, () => 'x')));
    const events = await readAll(toAsyncIterable(run(a, 'q').pipe(limitPartials(10)), { buffer: 8 }));
    expect(events).toHaveLength(6);
  });

  it('ends the run when a loop is left', async () => {
    let stopped = 0;
    const a = step('a', (_: string) => concat(of('x'), NEVER).pipe(map((x) => x)));
    const source$ = new Observable<RunEvent>((subscriber) => {
      subscriber.add(() => stopped++);
      return run(a, 'q').subscribe(subscriber);
    });
    for await (const { type } of toAsyncIterable(source$)) if (type === 'step.partial') break;
    expect(stopped).toBe(1);
  });

  it('lets go at once on return, forgets what waits, and answers who still asks', async () => {
    const { source, iterator, first } = listening<number>();
    source.next(1);
    source.next(2);
    await first;
    expect(await iterator.return?.()).toEqual(done);
    expect(source.observed).toBe(false);
    expect(await iterator.next()).toEqual(done);
    const other = listening<number>();
    await other.iterator.return?.();
    expect(await other.first).toEqual(done);
    expect(other.source.observed).toBe(false);
  });

  it('lets go of a source that ends it while it is being subscribed', async () => {
    let asked = 0;
    function* endless(): Generator<number> {
      for (; ; asked++) yield asked;
    }
    const iterator = toAsyncIterable(from(endless()), { buffer: 3 })[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual(value(0));
    expect(asked).toBe(4);
  });

  it(
    'takes virtual time like any subscriber',
    marbles((m) => {
      const source = m.cold('-a-b-|');
      const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
      void iterator.next();
      m.flush();
      m.has(source, '^----!');
    }),
  );

  it('refuses options that mean nothing', () => {
    for (const buffer of [0, -1, 1.5, Number.NaN])
      expect(() => toAsyncIterable(NEVER, { buffer })).toThrow(DefinitionError);
    expect(() => toAsyncIterable(NEVER, { overflow: 'wait' as Overflow })).toThrow('overflow "wait" is not');
  });

  it('has types', () => {
    expectTypeOf(toAsyncIterable(NEVER as Observable<RunEvent<number>>)).toEqualTypeOf<
      AsyncIterable<RunEvent<number>>
    >();
    // @ts-expect-error: an array is no stream
    () => toAsyncIterable([1, 2]);
    // @ts-expect-error: there is no such policy
    () => toAsyncIterable(NEVER, { overflow: 'wait' });
  });
});
