import { concat, EMPTY, Observable, of, range, Subject, take, throwError } from 'rxjs';
import { originalError, type RunEvent, run, StepFailedError, step } from 'tutti';
import { checkEvents, collectRun, fakeStep, marbles } from 'tutti/testing';
import { describe, expect, it, vi } from 'vitest';
import { chunksOf, failureOf, listen, ofType, settled, told } from './support.ts';

/** A step that runs a body without an input. */
const bodied = <R>(body: () => R) => step('s', (_: void) => body());

describe('what a body returns:', () => {
  it.each([
    ['null', null],
    ['undefined', undefined],
    ['false', false],
    ['a text', 'text'],
    ['an array', [1, 2]],
    ['a Map', new Map([[1, 2]])],
    ['a function', () => 1],
    // biome-ignore lint/suspicious/noThenProperty: it is what is tested
    ['a record with a then that is no function', { then: 1 }],
  ])('%s is the output, as it is, in the same turn', (_, value: unknown) => {
    const events = listen(
      run(
        bodied(() => value),
        undefined,
      ),
    );
    expect(told(events)).toBe('run> s> s| run|');
    expect(ofType(events, 'run.completed')[0]?.output).toBe(value);
  });

  it('a promise resolves to the output', async () => {
    const { events, output } = await collectRun(
      run(
        bodied(async () => 'later'),
        undefined,
      ),
    );
    expect(told(events)).toBe('run> s> s| run|');
    expect(output).toBe('later');
  });

  it('anything with a then is a promise', async () => {
    const promise = Promise.resolve(1);
    // biome-ignore lint/suspicious/noThenProperty: it is what is tested
    const thenable: PromiseLike<number> = { then: (...callbacks) => promise.then(...callbacks) };
    expect(
      await collectRun(
        run(
          bodied(() => thenable),
          undefined,
        ),
      ),
    ).toMatchObject({ output: 1 });
  });

  it('a thenable whose then throws fails, and its body is over', () => {
    const thenable: PromiseLike<number> = {
      // biome-ignore lint/suspicious/noThenProperty: it is what is tested
      then() {
        throw new RangeError('broken');
      },
    };
    const late: (() => void)[] = [];
    const events = listen(
      run(
        step('s', (_: undefined, { log }) => {
          late.push(() => log('late'));
          return thenable;
        }),
        undefined,
      ),
    );
    for (const tell of late) tell();
    expect(told(events)).toBe('run> s> s# run#');
  });

  it('an Observable emits partials, of which the last is the output', () => {
    const events = listen(
      run(
        bodied(() => of('a', 'b', 'c')),
        undefined,
      ),
    );
    expect(told(events)).toBe('run> s> s. s. s. s| run|');
    expect(ofType(events, 'step.partial')).toMatchObject([
      { index: 0, chunk: 'a' },
      { index: 1, chunk: 'b' },
      { index: 2, chunk: 'c' },
    ]);
    expect(events.at(-1)).toMatchObject({ output: 'c' });
  });

  it('an empty Observable completes without an output', () => {
    const events = listen(
      run(
        bodied(() => EMPTY),
        undefined,
      ),
    );
    expect(told(events)).toBe('run> s> s| run|');
    expect(ofType(events, 'run.completed')[0]).toHaveProperty('output', undefined);
  });

  it(
    'an Observable takes its time',
    marbles((m) => {
      m.expectRun(run(fakeStep(m, 'a', '-x--y 5ms |'), 1)).toBe('(run> a>) 1ms a. 3ms a. 6ms (a| run|)');
      m.expectRun(run(fakeStep(m, 'a', '-x--#'), 1)).toBe('(run> a>) 1ms a. 3ms (a# run#)');
    }),
  );

  it('an AsyncIterable yields partials, of which the last is the output', async () => {
    const letters = (): AsyncIterable<string> => ({
      [Symbol.asyncIterator]: () => {
        const rest = ['a', 'b'];
        return {
          next: async () => {
            const value = rest.shift();
            return value === undefined ? { done: true, value } : { done: false, value };
          },
        };
      },
    });
    const { events, output } = await collectRun(run(bodied(letters), undefined));
    expect(told(events)).toBe('run> s> s. s. s| run|');
    expect(chunksOf(events)).toEqual(['a', 'b']);
    expect(output).toBe('b');
  });

  it('a ReadableStream is an AsyncIterable', async () => {
    const { events, output } = await collectRun(
      run(
        bodied(() => new Blob(['text']).stream().pipeThrough(new TextDecoderStream())),
        undefined,
      ),
    );
    expect(chunksOf(events)).toEqual(['text']);
    expect(output).toBe('text');
  });

  it('a generator returns the output', async () => {
    async function* body() {
      yield 1;
      yield 2;
      return 'done';
    }
    const { events, output } = await collectRun(run(bodied(body), undefined));
    expect(told(events)).toBe('run> s> s. s. s| run|');
    expect(chunksOf(events)).toEqual([1, 2]);
    expect(output).toBe('done');
  });

  it('a generator that returns nothing gives the last it yields', async () => {
    async function* body() {
      yield 1;
      yield 2;
    }
    expect(await collectRun(run(bodied(body), undefined))).toMatchObject({ output: 2 });
  });

  it.each([null, 0, '', false, Number.NaN])('a generator may return %j', async (value) => {
    async function* body() {
      yield 1;
      return value;
    }
    expect((await collectRun(run(bodied(body), undefined))).output).toBe(value);
  });

  it('a generator that does nothing completes without an output', async () => {
    async function* body() {}
    const { events, ended } = await collectRun(run(bodied(body), undefined));
    expect(told(events)).toBe('run> s> s| run|');
    expect(ended).toHaveProperty('output', undefined);
  });

  it('a generator goes on only when its last partial has been taken', async () => {
    const order: string[] = [];
    async function* body() {
      order.push('yields a');
      yield 'a';
      order.push('yields b');
      yield 'b';
    }
    run(bodied(body), undefined).subscribe(
      (event) => event.type === 'step.partial' && order.push(`hears ${event.chunk}`),
    );
    await settled();
    expect(order).toEqual(['yields a', 'hears a', 'yields b', 'hears b']);
  });
});

describe('a body that fails', () => {
  const broken = new TypeError('broken');

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw broken;
      },
    ],
    ['rejects', () => Promise.reject(broken)],
    ['ends its Observable in an error', () => throwError(() => broken)],
    [
      'subscribes to what throws',
      () =>
        new Observable(() => {
          throw broken;
        }),
    ],
    [
      'throws in a generator',
      // biome-ignore lint/correctness/useYield: that it throws before it yields is what is tested
      async function* () {
        throw broken;
      },
    ],
    [
      'has an iterator that throws when it is asked for',
      () => ({
        [Symbol.asyncIterator]() {
          throw broken;
        },
      }),
    ],
    ['has an iterator that throws', () => iterating(() => thrown(broken))],
    ['has an iterator that rejects', () => iterating(() => Promise.reject(broken))],
  ])('%s, and the error is the failure, as it is', async (_, body) => {
    const { events, ended } = await collectRun(run(bodied(body), undefined));
    expect(checkEvents(events)).toEqual([]);
    expect(told(events)).toBe('run> s> s# run#');
    const [failed] = ofType(events, 'step.failed');
    expect(failed?.error).toEqual({ name: 'TypeError', code: 'STEP_FAILED', message: 'broken' });
    expect(failed && originalError(failed.error)).toBe(broken);
    expect(ended.type === 'run.failed' && originalError(ended.error)).toBe(broken);
  });

  it.each<[string, () => unknown]>([
    [
      'an Observable',
      () =>
        concat(
          of(1),
          throwError(() => broken),
        ),
    ],
    [
      'a generator',
      async function* () {
        yield 1;
        throw broken;
      },
    ],
    ['an iterator that rejects', () => iterating(one, () => Promise.reject(broken))],
    ['an iterator that throws', () => iterating(one, () => thrown(broken))],
  ])('may have streamed before: %s', async (_, body) => {
    const events = listen(run(bodied(body), undefined));
    await settled();
    expect(told(events)).toBe('run> s> s. s# run#');
    expect(ofType(events, 'run.failed').map(({ error }) => originalError(error))).toEqual([broken]);
  });

  it.each([
    ['a text', 'no', 'no'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a symbol', Symbol('no'), 'Symbol(no)'],
    ['a record', { status: 500 }, expect.any(String)],
    ['what cannot be made a text', Object.create(null), expect.any(String)],
  ])('may throw %s, which is the cause of a StepFailedError', async (_, value: unknown, message) => {
    const error = await failureOf(
      run(
        bodied(() => {
          throw value;
        }),
        undefined,
      ),
    );
    expect(error).toBeInstanceOf(StepFailedError);
    expect(error).toMatchObject({ message });
    expect(error).toHaveProperty('cause', value);
  });

  it('may reject with what is no error', async () => {
    const error = await failureOf(
      run(
        bodied(() => Promise.reject('no')),
        undefined,
      ),
    );
    expect(error).toMatchObject({ name: 'StepFailedError', cause: 'no' });
  });
});

describe('an iterator that keeps no promise', () => {
  it('is a failure, not an endless wait', async () => {
    const odd = { [Symbol.asyncIterator]: () => ({ next: () => ({ done: true, value: 1 }) }) };
    const { events, ended } = await collectRun(
      run(
        bodied(() => odd),
        undefined,
      ),
    );
    expect(checkEvents(events)).toEqual([]);
    expect(ended).toMatchObject({ type: 'run.failed', error: { name: 'TypeError' } });
  });
});

describe('a body that is ended from outside', () => {
  /** Runs it until it has begun, then ends it, gracefully or not. */
  async function cut(body: () => unknown, how: 'cancel' | 'unsubscribe'): Promise<RunEvent[]> {
    const controller = new AbortController();
    const events: RunEvent[] = [];
    const subscription = run(bodied(body), undefined, { signal: controller.signal }).subscribe((event) =>
      events.push(event),
    );
    await settled();
    if (how === 'cancel') controller.abort('enough');
    else subscription.unsubscribe();
    const heard = events.length;
    await settled();
    expect(events).toHaveLength(heard);
    return events;
  }

  describe.each(['cancel', 'unsubscribe'] as const)('(%s)', (how) => {
    const end = how === 'cancel' ? ' s! run!' : '';

    it('has its Observable unsubscribed', async () => {
      const teardown = vi.fn();
      const events = await cut(() => new Observable(() => teardown), how);
      expect(told(events)).toBe(`run> s>${end}`);
      expect(teardown).toHaveBeenCalledTimes(1);
    });

    it('has its generator returned, so that it tidies up', async () => {
      const tidied = vi.fn();
      let letGo = (): void => {};
      const gate = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const events = await cut(async function* () {
        try {
          yield 1;
          await gate;
          yield 2;
          yield 3;
        } finally {
          tidied();
        }
      }, how);
      expect(told(events)).toBe(`run> s> s.${end}`);
      letGo();
      await settled();
      expect(tidied).toHaveBeenCalledTimes(1);
      expect(told(events)).toBe(`run> s> s.${end}`);
    });

    it('has its iterator returned once', async () => {
      const returned = vi.fn(async () => ({ done: true as const, value: undefined }));
      const endless = () => ({
        [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}), return: returned }),
      });
      await cut(endless, how);
      expect(returned).toHaveBeenCalledTimes(1);
    });

    it('may have an iterator that cannot be returned, or that rejects when it is', async () => {
      const never = () => new Promise<never>(() => {});
      const bare = () => ({ [Symbol.asyncIterator]: () => ({ next: never }) });
      expect(told(await cut(bare, how))).toBe(`run> s>${end}`);
      const rejecting = () => ({
        [Symbol.asyncIterator]: () => ({ next: never, return: () => Promise.reject(new Error('no')) }),
      });
      expect(told(await cut(rejecting, how))).toBe(`run> s>${end}`);
    });

    it('has what comes later ignored', async () => {
      const late = new Subject<number>();
      let resolve: (n: number) => void = () => {};
      await cut(() => late, how);
      const promise = new Promise<number>((done) => {
        resolve = done;
      });
      const events = await cut(() => promise, how);
      resolve(1);
      late.next(1);
      await settled();
      expect(told(events)).toBe(`run> s>${end}`);
      expect(late.observed).toBe(false);
    });
  });

  it('tells of a teardown that throws when it is cancelled', async () => {
    const events = await cut(
      () =>
        new Observable(() => () => {
          throw new Error('stuck');
        }),
      'cancel',
    );
    expect(told(events)).toBe('run> s> s:log s! run!');
    expect(checkEvents(events)).toEqual([]);
    expect(ofType(events, 'step.log')[0]).toMatchObject({
      level: 'error',
      message: expect.stringMatching(/teardown(.|\n)*threw(.|\n)*stuck/),
    });
  });

  it('hands on what a teardown throws when it is unsubscribed', () => {
    const stuck = () =>
      new Observable(() => () => {
        throw new Error('stuck');
      });
    const subscription = run(bodied(stuck), undefined).subscribe();
    expect(() => subscription.unsubscribe()).toThrow(/stuck/);
  });

  it('is stopped while its Observable emits in one go', () => {
    let made = 0;
    const endless = new Observable<number>((subscriber) => {
      while (!subscriber.closed) subscriber.next(made++);
    });
    const events = listen(
      run(
        bodied(() => endless),
        undefined,
      ).pipe(take(5)),
    );
    expect(told(events)).toBe('run> s> s. s. s.');
    expect(made).toBe(3);
  });

  it('is not listened to when it was ended while it ran', () => {
    const controller = new AbortController();
    const source = vi.fn();
    const events = listen(
      run(
        bodied(() => {
          controller.abort('enough');
          return new Observable(source);
        }),
        undefined,
        { signal: controller.signal },
      ),
    );
    expect(told(events)).toBe('run> s> s! run!');
    expect(source).not.toHaveBeenCalled();
  });

  it('does not begin its generator when it was ended while it ran', async () => {
    const controller = new AbortController();
    const next = vi.fn();
    const events = listen(
      run(
        bodied(() => {
          controller.abort('enough');
          return { [Symbol.asyncIterator]: next };
        }),
        undefined,
        { signal: controller.signal },
      ),
    );
    await settled();
    expect(told(events)).toBe('run> s> s! run!');
    expect(next).not.toHaveBeenCalled();
  });

  it('may fail in the wake of it, which nobody hears', async () => {
    let reject: (error: Error) => void = () => {};
    const promise = new Promise<never>((_, no) => {
      reject = no;
    });
    const events = await cut(() => promise, 'cancel');
    reject(new Error('aborted'));
    await settled();
    expect(told(events)).toBe('run> s> s! run!');
  });
});

describe('a body that streams much', { timeout: 60_000 }, () => {
  it('tells of 50,000 partials in one go, and of as many from a generator', async () => {
    const count = 50_000;
    const all = await collectRun(
      run(
        bodied(() => range(count)),
        undefined,
      ),
    );
    expect(all.events).toHaveLength(count + 4);
    expect(all.output).toBe(count - 1);
    async function* body() {
      for (let i = 0; i < count; i++) yield i;
    }
    const one = await collectRun(run(bodied(body), undefined));
    expect(checkEvents(one.events)).toEqual([]);
    expect(one.output).toBe(count - 1);
  });
});

function thrown(error: Error): never {
  throw error;
}

const one = async () => ({ done: false as const, value: 1 });

/** An AsyncIterable whose `next` does one after another. */
function iterating(...calls: (() => Promise<IteratorResult<unknown>>)[]): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]: () => {
      const rest = [...calls];
      return { next: () => rest.shift()?.() ?? Promise.resolve({ done: true, value: undefined }) };
    },
  };
}
