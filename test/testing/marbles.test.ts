import { concat, delay, from, interval, map, NEVER, type Observable, of, throwError, timer } from 'rxjs';
import { run, StepTimeoutError, step } from 'tutti';
import { type MarbleExpectation, type MarbleValues, marbles, TestingError } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { thrownBy } from './thrown-by.ts';

describe('marbles', () => {
  it(
    'compares source, subscription and result in virtual time',
    marbles((m) => {
      const source = m.cold('       -a-b-|', { a: 1, b: 2 });
      const subscription = '        ^----!';
      const expected = '            -a-b-|';
      const result = source.pipe(map((n) => 2 * n));
      m.expect(result).toBeObservable(expected, { a: 2, b: 4 });
      m.expect(source).toHaveSubscriptions(subscription);
      m.has(source, [subscription]);
    }),
  );

  it(
    'subscribes and unsubscribes when told to',
    marbles((m) => {
      const source = m.hot('-a-b-c-d-|');
      m.expect(source, '     --^---!').toBeObservable('---b-c');
      m.has(source, '        --^---!');
    }),
  );

  it(
    'takes a cold or hot Observable for an expectation',
    marbles((m) => {
      const expected = m.cold('--a|', { a: 1 });
      m.expect(
        timer(2).pipe(
          map(() => 1),
          delay(0),
        ),
      ).toBeObservable(m.cold('--(a|)', { a: 1 }));
      m.expect(concat(m.cold('--a|', { a: 1 }))).toBeObservable(expected);
    }),
  );

  it('compares when it is flushed, and what follows after the test', () => {
    const seen: string[] = [];
    marbles((m) => {
      m.cold('--a|').subscribe((letter) => seen.push(letter));
      m.flush();
      expect(seen).toEqual(['a']);
      m.cold('--b|').subscribe((letter) => seen.push(letter));
    })();
    expect(seen).toEqual(['a', 'b']);
  });

  it(
    'reads a time from a diagram',
    marbles((m) => {
      expect(m.time('--- 5ms |')).toBe(8);
    }),
  );

  it.each([
    [1, 'a'],
    [2, 'b'],
  ])(
    'hands arguments through: %i',
    marbles((m, ms: number, letter: string) => {
      m.expect(timer(ms).pipe(map(() => letter))).toBeObservable(`${ms}ms (${letter}|)`);
    }),
  );

  it(
    'knows the types of values',
    marbles((m) => {
      expectTypeOf(m.cold('a|')).toExtend<Observable<string>>();
      expectTypeOf(m.hot('a|', { a: 1 })).toExtend<Observable<number>>();
      expectTypeOf<MarbleExpectation<number>['toBeObservable']>()
        .parameter(1)
        .toEqualTypeOf<MarbleValues<number> | undefined>();
    }),
  );
});

describe('marbles, where rxjs-marbles lets tests pass that should not,', () => {
  const timeout = (ms: number, cause?: unknown) => Object.assign(new StepTimeoutError('a', ms), { cause });
  const coded = (code: string, options?: ErrorOptions) => Object.assign(new Error('same', options), { code });

  const comparing = (actual: unknown, expected: unknown) =>
    marbles((m) => m.expect(throwError(() => actual)).toBeObservable('#', undefined, expected));

  it('compares errors by code', () => {
    comparing(coded('A'), coded('A'))();
    expect(comparing(coded('A'), coded('B'))).toThrow(/toStrictEqual|strictly equal/i);
    expect(comparing(coded('A'), new Error('same'))).toThrow();
    expect(comparing(new Error('same'), coded('A'))).toThrow();
  });

  it('compares errors by cause, and by the causes of causes', () => {
    const deep = (code: string) => coded('A', { cause: coded('B', { cause: coded(code) }) });
    comparing(deep('C'), deep('C'))();
    expect(comparing(deep('C'), deep('D'))).toThrow();
    expect(comparing(deep('C'), coded('A'))).toThrow();
    expect(comparing(coded('A'), deep('C'))).toThrow();
    expect(comparing(coded('A', { cause: 1 }), coded('A', { cause: '1' }))).toThrow();
  });

  it('compares errors by their own fields, and by the errors of an aggregate', () => {
    comparing(timeout(5), timeout(5))();
    const same = Object.assign(timeout(6), { message: timeout(5).message });
    expect(comparing(timeout(5), same)).toThrow();
    const aggregate = (code: string) => new AggregateError([coded(code)], 'all');
    comparing(aggregate('A'), aggregate('A'))();
    expect(comparing(aggregate('A'), aggregate('B'))).toThrow();
  });

  it('compares errors by name and message, and not by their stacks', () => {
    comparing(new TypeError('x'), new TypeError('x'))();
    expect(comparing(new TypeError('x'), new Error('x'))).toThrow();
    expect(comparing(new Error('x'), new Error('y'))).toThrow();
    expect(comparing(new Error('error'), undefined)).toThrow();
  });

  it('compares errors that are their own cause', () => {
    const knot = () => {
      const error = new Error('knot');
      error.cause = error;
      return error;
    };
    comparing(knot(), knot())();
  });

  it('takes asymmetric matchers for errors', () => {
    comparing(timeout(5), expect.objectContaining({ code: 'STEP_TIMEOUT' }))();
    comparing(timeout(5), expect.any(StepTimeoutError))();
    expect(comparing(timeout(5), expect.objectContaining({ code: 'OTHER' }))).toThrow();
  });

  it('compares values strictly', () => {
    class Point {
      readonly x = 1;
    }
    const emitting = (actual: unknown, expected: unknown) =>
      marbles((m) => m.expect(of(actual)).toBeObservable('(a|)', { a: expected }));
    emitting(new Point(), new Point())();
    expect(emitting(new Point(), { x: 1 })).toThrow();
    expect(emitting({ x: 1, y: undefined }, { x: 1 })).toThrow();
    expect(emitting([1, undefined], [1])).toThrow();
    expect(emitting(new Map([['a', 1]]), new Map([['a', 2]]))).toThrow();
  });

  it('fails for a time, an end or a subscription that is another', () => {
    expect(marbles((m) => m.expect(timer(3)).toBeObservable('--(a|)', { a: 0 }))).toThrow();
    expect(marbles((m) => m.expect(NEVER).toBeObservable('|'))).toThrow();
    expect(
      marbles((m) => {
        const source = m.cold('--a|');
        source.subscribe();
        m.has(source, '^--!--');
        m.has(source, '^-!');
      }),
    ).toThrow();
  });

  it('refuses a promise as a source, which would pass for an empty one', () => {
    const test = marbles((m) => m.expect(from(Promise.resolve(1))).toBeObservable(''));
    expect(test).toThrow(TestingError);
    expect(test).toThrow('promises do not advance under virtual time: use an Observable body');
  });

  it('refuses a rejected promise, and no rejection is left unhandled', () => {
    expect(marbles(() => void from(Promise.reject(new Error('lost'))).subscribe())).toThrow(
      'promises do not advance',
    );
  });

  it.each([
    ['returns a promise', () => Promise.resolve(1)],
    ['is an async function', async () => 1],
    [
      'is an async generator',
      async function* () {
        yield 1;
      },
    ],
  ])('refuses a step whose body %s', (_, body: () => unknown) => {
    const test = marbles((m) => {
      m.expect(run(step('a', body), undefined)).toBeObservable('');
    });
    expect(test).toThrow('promises do not advance under virtual time: use an Observable body');
  });

  it('refuses a promise that is first waited for while virtual time passes, and says where', () => {
    const error = thrownBy(
      marbles((m) => {
        timer(5).subscribe(function waitsForAPromise() {
          Promise.resolve().then(() => {});
        });
        m.expect(of(1)).toBeObservable('(a|)', { a: 1 });
      }),
    );
    expect(error.stack).toContain('waitsForAPromise');
  });

  it('names the refused promise rather than the mismatch that it led to', () => {
    const error = thrownBy(marbles((m) => m.expect(from(Promise.resolve(1))).toBeObservable('a')));
    expect(error.message).toContain('promises do not advance');
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('lets Node wait for promises of its own', () => {
    marbles(() => {
      const controller = new AbortController();
      // Node listens for the rejection of what a listener returns.
      controller.signal.addEventListener('abort', async () => {});
      controller.abort();
    })();
  });

  it('lets promises be afterwards', async () => {
    let late: Promise<string> | undefined;
    marbles(() => {
      const inner = Promise.resolve('late');
      late = new Promise((resolve) => resolve(inner));
    })();
    expect(() => marbles(() => void from(Promise.resolve(1)).subscribe())()).toThrow();
    expect(await late).toBe('late');
    expect(await Promise.resolve(1).then((n) => n + 1)).toBe(2);
  });

  it('refuses an asynchronous callback, for a compiler too', async () => {
    let reached = false;
    // @ts-expect-error: a marble test is synchronous
    const test = marbles(async (m) => {
      await Promise.resolve();
      reached = true;
      m.expect(of(1)).toBeObservable('wrong');
      throw new TestingError('not reported a second time');
    });
    expect(test).toThrow('the callback of a marble test is asynchronous');
    await Promise.resolve();
    expect(reached).toBe(true);
  });

  it('points at the expectation that failed', () => {
    const error = thrownBy(
      marbles((m) => {
        m.expect(of(1)).toBeObservable('(a|)', { a: 1 });
        (function wrongHere() {
          m.expect(of(1)).toBeObservable('(a|)', { a: 2 });
        })();
        m.expect(of(1)).toBeObservable('(a|)', { a: 1 });
      }),
    );
    expect(error.stack?.split('\n').find((line) => line.includes(' at '))).toContain('wrongHere');
  });

  it('refuses an expectation that expects nothing', () => {
    expect(marbles((m) => void m.expect(of(1)))).toThrow('an expectation says nothing');
    expect(marbles((m) => void m.expectRun(NEVER))).toThrow('an expectation says nothing');
  });

  it('fails, instead of freezing, when virtual time does not end', () => {
    expect(marbles((m) => m.expect(interval(1)).toBeObservable(''))).toThrow('virtual time does not end');
  });
});
