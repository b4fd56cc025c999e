import { EMPTY, NEVER, type Observable, of } from 'rxjs';
import { DefinitionError, DuplicateKeyError, run, type Step, step } from 'tutti';
import { mapEach, named, parallel, retry, sequence, values } from 'tutti/operators';
import { checkEvents, collectRun, fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

const length = step('length', (text: string) => text.length);
const same = (item: string) => item;
const broken = new RangeError('broken');

describe('mapEach', () => {
  it(
    'gives the list of outputs, in the order of the items',
    marbles((m) => {
      const wait = fakeStep(m, 'wait', (item: string) => `${item}ms (a|)`).map((_) => 'done');
      m.expect(of(['5', '2']).pipe(mapEach(wait), values())).toBeObservable('5ms (a|)', {
        a: ['done', 'done'],
      });
      m.expect(of(['abc', '', 'x'], []).pipe(mapEach(length), values())).toBeObservable('(ab|)', {
        a: [3, 0, 1],
        b: [],
      });
    }),
  );

  it(
    'runs a step for each item, side by side, under its index',
    marbles((m) => {
      const each = fakeStep(m, 'each', (item: string) => `${item}ms (a|)`);
      m.expectRun(run(sequence(mapEach(each)), ['3', '1'])).toBe(
        `(run> mapEach/each[0]> mapEach/each[1]>) 1ms (mapEach/each[1]. mapEach/each[1]|)
         2ms (mapEach/each[0]. mapEach/each[0]| run|)`,
      );
      m.flush();
      expect(each.calls.map(({ input }) => input)).toEqual(['3', '1']);
    }),
  );

  it(
    'gives the outputs in the order in which they came, where told to',
    marbles((m) => {
      const each = fakeStep(m, 'each', (item: string) => `${item}ms (${item}|)`);
      const done = record(run(mapEach(each, { order: 'completion' }), ['5', '2', '9']));
      m.flush();
      expect(done.output).toEqual(['2', '5', '9']);
    }),
  );

  it(
    'calls an item by its key, with the marks of a path encoded',
    marbles(() => {
      const done = record(run(mapEach(length, { keyBy: same }), ['a/b', 'c[1]', '']));
      expect(done.started).toEqual(['/length[a%2Fb]', '/length[c%5B1%5D]', '/length[]']);
      const numbered = mapEach(length, { keyBy: (_, index) => 10 * index });
      expect(record(run(numbered, ['a', 'b'])).started).toEqual(['/length[0]', '/length[10]']);
    }),
  );

  it('gives [] for no items, whatever holds them', () => {
    const over = (items: Iterable<string> | Observable<string>) => record(run(mapEach(length), items)).output;
    expect(over([])).toEqual([]);
    expect(over(new Set<string>())).toEqual([]);
    expect(over('')).toEqual([]);
    expect(over(EMPTY)).toEqual([]);
    expect(record(run(mapEach(length, { failure: 'settle' }), [])).output).toEqual([]);
  });

  it("with 'settle' says which item each outcome is of", () => {
    const done = record(run(mapEach(length, { failure: 'settle', keyBy: same }), new Set(['a/b', 'c'])));
    expect(done.output.map(({ key }) => key)).toEqual(['a/b', 'c']);
  });

  it('refuses two items with one key', () => {
    const done = record(
      run(named('n', mapEach(length, { keyBy: (text) => text[0] ?? '' })), ['ab', 'c', 'ad']),
    );
    expect(done.error).toBeInstanceOf(DuplicateKeyError);
    expect(done.error).toMatchObject({ code: 'DUPLICATE_KEY', key: 'a', path: '/n/length[a]' });
  });

  it('does not take a number and its text for two keys', () => {
    const either = step('either', (_: number | string) => 0);
    const done = record(run(mapEach(either, { keyBy: (item) => item }), [1, '1']));
    expect(done.error).toMatchObject({ code: 'DUPLICATE_KEY', key: '1' });
  });

  it('fails with what keyBy throws', () => {
    const keyBy = (): string => {
      throw broken;
    };
    expect(record(run(mapEach(length, { keyBy }), ['a'])).error).toBe(broken);
  });

  it(
    'fails with the first failure, after the other items were cancelled',
    marbles((m) => {
      const each = fakeStep(m, 'each', (item: string) => item, { error: broken });
      const done = record(run(named('n', mapEach(each)), ['---(a|)', '--#', '----#']));
      m.flush();
      expect(done.events).toBeTimeline(
        `(run> n> n/each[0]> n/each[1]> n/each[2]>)
         2ms (n/each[1]# n/each[0]! n/each[2]! n# run#)`,
      );
      expect(done.error).toBe(broken);
      expect(each.calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'failed', 'cancelled']);
    }),
  );

  it(
    "with 'settle' lets all of them end, and gives each one's outcome",
    marbles((m) => {
      const each = fakeStep(m, 'each', (item: string) => item, { error: broken });
      const items = ['---(a|)', '--#', '-(c|)'];
      const done = record(run(mapEach(each, { failure: 'settle' }), items));
      const asTheyCame = record(run(mapEach(each, { failure: 'settle', order: 'completion' }), items));
      m.flush();
      const a = { key: '0', status: 'fulfilled', value: 'a' };
      const b = { key: '1', status: 'rejected', reason: broken };
      const c = { key: '2', status: 'fulfilled', value: 'c' };
      expect(done.output).toEqual([a, b, c]);
      expect(asTheyCame.output).toEqual([c, b, a]);
    }),
  );

  it(
    'runs no more than `concurrency` at once, in the order of the items',
    marbles((m) => {
      const each = fakeStep(m, 'each', (item: string) => `${item}ms (a|)`);
      run(mapEach(each, { concurrency: 2 }), ['5', '2', '1', '1']).subscribe();
      m.flush();
      expect(each.calls.map(({ input, startedAt }) => [input, startedAt])).toEqual([
        ['5', 0],
        ['2', 0],
        ['1', 2],
        ['1', 3],
      ]);
    }),
  );

  it(
    'ends what runs when it is unsubscribed or cancelled, and starts nothing more',
    marbles((m) => {
      const each = fakeStep(m, 'each', (_: string) => '----(a|)');
      const two = mapEach(each, { concurrency: 2 });
      m.expectRun(run(two, ['a', 'b', 'c']), '^--!').toBe('(run> each[0]> each[1]>)');
      m.expectRun(run(named('n', two), ['a', 'b', 'c'], { signal: abortAfter(2) })).toBe(
        `(run> n> n/each[0]> n/each[1]>)
         2ms (n/each[0]! n/each[1]! n! run!)`,
      );
      m.flush();
      expect(each.calls.map(({ outcome }) => outcome)).toEqual(Array(4).fill('cancelled'));
    }),
  );

  it('refuses what has no items', () => {
    // @ts-expect-error: a number has no items
    expect(record(run(mapEach(length), 1)).error).toBeInstanceOf(DefinitionError);
    // @ts-expect-error: nor has nothing
    expect(record(run(mapEach(length), undefined)).error).toBeInstanceOf(DefinitionError);
    // @ts-expect-error: nor has a record
    expect(record(run(mapEach(length), {})).error).toBeInstanceOf(DefinitionError);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a concurrency of %d', (concurrency) => {
    expect(() => mapEach(length, { concurrency })).toThrow(
      expect.objectContaining({ name: 'DefinitionError', message: expect.stringContaining('concurrency') }),
    );
  });

  it('finds the items in the input, where told to', () => {
    const lengths = mapEach(length, { over: ({ lines }: { lines: string[] }) => lines });
    const done = record(run(lengths, { lines: ['a', 'bc'] }));
    expect(done.output).toEqual([1, 2]);
    expect(done.started).toEqual(['/length[0]', '/length[1]']);
  });

  it('fails with what looking for the items throws', () => {
    const over = (_: string): string[] => {
      throw broken;
    };
    expect(record(run(mapEach(length, { over }), 'x')).error).toBe(broken);
  });

  it('retries an item, not all of them', () => {
    const flaky = step('flaky', (text: string, { attempt }) => {
      if (text === 'b' && attempt === 1) throw broken;
      return `${text}${attempt}`;
    });
    const done = record(run(mapEach(flaky.with(retry({ delay: 0 }))), ['a', 'b', 'c']));
    expect(done.output).toEqual(['a1', 'b2', 'c1']);
  });

  it('runs a composite for each item, under its kind', () => {
    const both = parallel({ length, upper: step('upper', (text: string) => text.toUpperCase()) });
    const done = record(run(mapEach(both), ['a']));
    expect(done.output).toEqual([{ length: 1, upper: 'A' }]);
    expect(done.started).toEqual(['/parallel[0]/length', '/parallel[0]/upper']);
  });

  it('begins anew when what is around it is retried, with the same keys', () => {
    const tried: number[] = [];
    const flaky = step('flaky', (text: string) => {
      if (text === 'b' && tried.push(1) === 1) throw broken;
      return text;
    });
    const all = named('all', mapEach(flaky, { keyBy: same })).with(retry({ delay: 0 }));
    expect(record(run(all, ['a', 'b'])).output).toEqual(['a', 'b']);
  });

  it('takes what holds its items, and gives a list', () => {
    expectTypeOf(mapEach(length)).toEqualTypeOf<
      Step<Iterable<string> | AsyncIterable<string> | Observable<string>, number[]>
    >();
    expectTypeOf(mapEach(length, { failure: 'settle' })).toExtend<
      Step<string[], (PromiseSettledResult<number> & { key: string })[]>
    >();
    expectTypeOf(mapEach(length, { over: (doc: { lines: string[] }) => doc.lines })).toEqualTypeOf<
      Step<{ lines: string[] }, number[]>
    >();
    mapEach(length, {
      keyBy: (item, index) => {
        expectTypeOf(item).toEqualTypeOf<string>();
        expectTypeOf(index).toEqualTypeOf<number>();
        return index;
      },
    });
    expectTypeOf(mapEach(length, { over: (_: number) => [] })).toEqualTypeOf<Step<number, number[]>>();
    // @ts-expect-error: length takes no numbers
    () => run(mapEach(length), [1]);
    // @ts-expect-error: its items would be numbers
    () => mapEach(length, { over: (doc: { sizes: number[] }) => doc.sizes });
    // @ts-expect-error: a date is no key
    () => mapEach(length, { keyBy: () => new Date(0) });
  });
});

describe('mapEach over an iterable', () => {
  it('needs keys: for a Set, a Map, a generator, a text', () => {
    const entry = step('entry', ([key, n]: readonly [string, number]) => key.repeat(n));
    expect(record(run(mapEach(length), new Set(['a']))).error).toBeInstanceOf(DefinitionError);
    expect(record(run(mapEach(length), 'ab')).error).toMatchObject({
      message: 'mapEach: items that do not come from an array need keyBy',
    });
    const set = record(run(mapEach(length, { keyBy: same }), new Set(['a', 'bc'])));
    expect(set.output).toEqual([1, 2]);
    expect(set.started).toEqual(['/length[a]', '/length[bc]']);
    const map = record(run(mapEach(entry, { keyBy: ([key]) => key }), new Map([['x', 2]])));
    expect(map.output).toEqual(['xx']);
    const letters = record(run(mapEach(length, { keyBy: (_, i) => i }), 'abc'));
    expect(letters.output).toEqual([1, 1, 1]);
  });

  it(
    'takes the items of a generator as there is room for them, and no further than it fails',
    marbles((m) => {
      const taken: string[] = [];
      let closed = false;
      const letters = function* () {
        try {
          for (const letter of ['a', 'b', 'c', 'd', 'e']) {
            taken.push(letter);
            yield letter;
          }
        } finally {
          closed = true;
        }
      };
      const each = fakeStep(m, 'each', (item: string) => (item === 'b' ? '---#' : '--(a|)'));
      const done = record(run(mapEach(each, { keyBy: same, concurrency: 2 }), letters()));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> each[a]> each[b]>) 2ms (each[a]. each[a]| each[c]>) 1ms (each[b]# each[c]! run#)',
      );
      expect(taken).toEqual(['a', 'b', 'c']);
      expect(closed).toBe(true);
    }),
  );

  it(
    'closes a generator when it is unsubscribed, and when it is cancelled',
    marbles((m) => {
      const closed: string[] = [];
      const endless = function* (name: string) {
        try {
          for (let n = 0; ; n++) yield `${n}`;
        } finally {
          closed.push(name);
        }
      };
      const each = fakeStep(m, 'each', (_: string) => '--(a|)');
      const one = mapEach(each, { keyBy: same, concurrency: 1 });
      m.expectRun(run(one, endless('unsubscribed')), '^---!').toBe(
        '(run> each[0]>) 2ms (each[0]. each[0]| each[1]>)',
      );
      m.expectRun(run(one, endless('cancelled'), { signal: abortAfter(1) })).toBe(
        '(run> each[0]>) 1ms (each[0]! run!)',
      );
      m.flush();
      expect(closed).toEqual(['cancelled', 'unsubscribed']);
    }),
  );

  it('does not close an iterator that has ended by itself', () => {
    let closed = 0;
    const iterator = Object.assign(['a', 'b'].values(), { return: () => ({ done: true, value: ++closed }) });
    expect(record(run(mapEach(length, { keyBy: same }), iterator)).output).toEqual([1, 1]);
    expect(closed).toBe(0);
  });

  it('fails with what a generator throws', () => {
    const failing = function* () {
      yield 'a';
      throw broken;
    };
    expect(record(run(mapEach(length, { keyBy: same }), failing())).error).toBe(broken);
  });

  it('takes 10,000 items at once', () => {
    const items = Array.from({ length: 10_000 }, (_, i) => 'x'.repeat(i % 7));
    expect(record(run(mapEach(length), items)).output).toEqual(items.map((item) => item.length));
  });
});

describe('mapEach over an Observable', () => {
  it(
    'works on each item as it comes',
    marbles((m) => {
      const items = m.cold('  a--b----|');
      const each = fakeStep(m, 'each', (_: string) => '--(x|)');
      m.expectRun(run(mapEach(each, { keyBy: same }), items)).toBe(
        '(run> each[a]>) 2ms (each[a]. each[a]|) 1ms each[b]> 2ms (each[b]. each[b]|) 3ms run|',
      );
      m.has(items, '           ^-------!');
    }),
  );

  it('needs keys', () => {
    expect(record(run(mapEach(length), of('a'))).error).toBeInstanceOf(DefinitionError);
  });

  it(
    'keeps the items for which there is no room',
    marbles((m) => {
      const items = m.cold('(abc|)');
      const each = fakeStep(m, 'each', (_: string) => '--(x|)');
      run(mapEach(each, { keyBy: same, concurrency: 2 }), items).subscribe();
      m.flush();
      expect(each.calls.map(({ input, startedAt }) => [input, startedAt])).toEqual([
        ['a', 0],
        ['b', 0],
        ['c', 2],
      ]);
    }),
  );

  it(
    'fails when it fails, after the items under way were cancelled',
    marbles((m) => {
      const items = m.cold('a--#', undefined, broken);
      const each = fakeStep(m, 'each', (_: string) => '-----(x|)');
      const done = record(run(mapEach(each, { keyBy: same }), items));
      m.flush();
      expect(done.events).toBeTimeline('(run> each[a]>) 3ms (each[a]! run#)');
      expect(done.error).toBe(broken);
    }),
  );

  it(
    "fails with the source even with 'settle', which is for items",
    marbles((m) => {
      const items = m.cold('a--#', undefined, broken);
      const each = fakeStep(m, 'each', (_: string) => '-#');
      const done = record(run(mapEach(each, { keyBy: same, failure: 'settle' }), items));
      m.flush();
      expect(done.events).toBeTimeline('(run> each[a]>) 1ms each[a]# 2ms run#');
      expect(done.error).toBe(broken);
    }),
  );

  it(
    'lets go of it when an item fails, when it is unsubscribed, when it is cancelled',
    marbles((m) => {
      const items = m.hot('a------------');
      const failing = m.cold('a----');
      const each = fakeStep(m, 'each', (_: string) => '--#');
      const never = step('never', (_: string) => NEVER);
      m.expectRun(run(mapEach(each, { keyBy: same }), failing)).toBe('(run> each[a]>) 2ms (each[a]# run#)');
      m.expectRun(run(mapEach(never, { keyBy: same }), items), '^---!').toBe('(run> never[a]>)');
      m.expectRun(run(mapEach(never, { keyBy: same }), items, { signal: abortAfter(5) })).toBe(
        '(run> never[a]>) 5ms (never[a]! run!)',
      );
      m.has(failing, '^-!');
      m.has(items, ['^---!', '^----!']);
    }),
  );
});

describe('mapEach over an AsyncIterable', () => {
  it('works on its items', async () => {
    const items = async function* () {
      yield 'a';
      yield 'bc';
    };
    const { events, output } = await collectRun(run(mapEach(length, { keyBy: same }), items()));
    expect(output).toEqual([1, 2]);
    expect(checkEvents(events)).toEqual([]);
    expect(events.flatMap((event) => (event.type === 'step.started' ? event.path : []))).toEqual([
      '/length[a]',
      '/length[bc]',
    ]);
  });

  it('needs keys', async () => {
    const items = async function* () {
      yield 'a';
    };
    const { ended } = await collectRun(run(mapEach(length), items()));
    expect(ended).toMatchObject({ type: 'run.failed', error: { code: 'DEFINITION' } });
  });

  it('gives [] for none', async () => {
    const none = async function* (): AsyncGenerator<string> {};
    expect((await collectRun(run(mapEach(length), none()))).output).toEqual([]);
  });

  it('asks for an item only when there is room for it, and returns it when an item fails', async () => {
    const told: string[] = [];
    const items = async function* () {
      try {
        for (const item of ['a', 'b', 'c', 'd']) {
          told.push(`asked for ${item}`);
          yield item;
        }
      } finally {
        told.push('returned');
      }
    };
    const each = step('each', async (item: string) => {
      await Promise.resolve();
      told.push(`worked on ${item}`);
      if (item === 'c') throw broken;
      return item;
    });
    const { ended } = await collectRun(run(mapEach(each, { keyBy: same, concurrency: 1 }), items()));
    expect(ended).toMatchObject({ type: 'run.failed', error: { message: 'broken' } });
    expect(told).toEqual([
      'asked for a',
      'worked on a',
      'asked for b',
      'worked on b',
      'asked for c',
      'worked on c',
      'returned',
    ]);
  });

  it('asks for one at a time, and does not return it when it has ended by itself', async () => {
    let [asked, most, returned, n] = [0, 0, 0, 0];
    const items: AsyncIterableIterator<string> = {
      [Symbol.asyncIterator]: () => items,
      next: async () => {
        most = Math.max(most, ++asked);
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        asked--;
        return n < 4 ? { value: `${n++}` } : { done: true, value: undefined };
      },
      return: async () => ({ done: true, value: ++returned }),
    };
    const each = step('each', async (item: string) => item);
    const { output } = await collectRun(run(mapEach(each, { keyBy: same, concurrency: 3 }), items));
    expect(output).toEqual(['0', '1', '2', '3']);
    expect(most).toBe(1);
    expect(returned).toBe(0);
  });

  it('fails when it fails', async () => {
    const failing = async function* () {
      yield 'a';
      throw broken;
    };
    const { ended } = await collectRun(run(mapEach(length, { keyBy: same }), failing()));
    expect(ended).toMatchObject({ type: 'run.failed', error: { name: 'RangeError', message: 'broken' } });
  });
});

describe('mapEach over a step', () => {
  const each = (m: Parameters<typeof fakeStep>[0], script = '--(x|)') =>
    fakeStep(m, 'each', (_: string) => script);

  it(
    'begins work on the first item while the rest is still being produced',
    marbles((m) => {
      const producer = fakeStep(m, 'producer', 'a---b---|');
      m.expectRun(run(mapEach(each(m), { over: producer, keyBy: same }), 'x')).toBe(
        `(run> producer> producer. each[a]>)
         2ms (each[a]. each[a]|)
         2ms (producer. each[b]>)
         2ms (each[b]. each[b]|)
         2ms (producer| run|)`,
      );
      m.flush();
      expect(producer.calls).toMatchObject([{ input: 'x', startedAt: 0, endedAt: 8 }]);
    }),
  );

  it(
    'gives the outputs of the items, not of the producer',
    marbles((m) => {
      const producer = fakeStep(m, 'producer', 'a-b|').map((last) => ({ last }));
      const done = record(run(mapEach(length, { over: producer, keyBy: same }), 'x'));
      m.flush();
      expect(done.output).toEqual([1, 1]);
    }),
  );

  it(
    'goes on until the last item has ended, with as many at once as it may',
    marbles((m) => {
      const producer = fakeStep(m, 'producer', '(abc|)');
      const one = mapEach(each(m), { over: producer, keyBy: same, concurrency: 2 });
      m.expectRun(run(one, 'x')).toBe(
        `(run> producer> producer. each[a]> producer. each[b]> producer. producer|)
         2ms (each[a]. each[a]| each[c]> each[b]. each[b]|) 2ms (each[c]. each[c]| run|)`,
      );
    }),
  );

  it(
    'gives [] when nothing is produced',
    marbles((m) => {
      const producer = fakeStep(m, 'producer', '--|');
      const done = record(run(mapEach(each(m), { over: producer, keyBy: same }), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> producer>) 2ms (producer| run|)');
      expect(done.output).toEqual([]);
    }),
  );

  it(
    'retracts the items of an attempt that is retried: what they led to is cancelled and forgotten',
    marbles((m) => {
      const producer = fakeStep(m, 'producer', ['(ab)-#', '(bc)-|']);
      const work = fakeStep(m, 'each', (item: string) => (item === 'a' ? '-(a|)' : `6ms (${item}|)`));
      const over = producer.with(retry({ delay: 2 }));
      const done = record(run(mapEach(work, { over, keyBy: same }), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        `(run> producer> producer. each[a]> producer. each[b]>)
         1ms (each[a]. each[a]|)
         4ms (producer~ each[b]!)
         2ms (producer> producer. each[b]~2> producer. each[c]~2>)
         5ms producer|
         1ms (each[b]~2. each[b]~2| each[c]~2. each[c]~2| run|)`,
      );
      expect(done.output).toEqual(['b', 'c']);
    }),
  );

  it(
    'drops items that wait for room when they are retracted',
    marbles((m) => {
      const producer = fakeStep(m, 'producer', ['(abc)#', '(z|)']);
      const over = producer.with(retry({ delay: 0 }));
      const work = each(m, '9ms (x|)');
      const done = record(run(mapEach(work, { over, keyBy: same, concurrency: 1 }), 'x'));
      m.flush();
      expect(done.output).toEqual(['x']);
      expect(work.calls.map(({ input, outcome }) => [input, outcome])).toEqual([
        ['a', 'cancelled'],
        ['z', 'completed'],
      ]);
    }),
  );

  it(
    'fails when the producer does, after the items under way were cancelled',
    marbles((m) => {
      const producer = fakeStep(m, 'producer', 'a--#', { error: broken });
      const done = record(
        run(mapEach(each(m, '-----(x|)'), { over: producer, keyBy: same, failure: 'settle' }), 'x'),
      );
      m.flush();
      expect(done.events).toBeTimeline('(run> producer> producer. each[a]>) 3ms (producer# each[a]! run#)');
      expect(done.error).toBe(broken);
    }),
  );

  it(
    'ends the producer when an item fails, when it is unsubscribed, when it is cancelled',
    marbles((m) => {
      const producer = fakeStep(m, 'producer', 'a-------b|');
      const options = { over: producer, keyBy: same };
      m.expectRun(run(mapEach(each(m, '--#'), options), 'x')).toBe(
        '(run> producer> producer. each[a]>) 2ms (each[a]# producer! run#)',
      );
      m.expectRun(run(mapEach(each(m, '-----'), options), 'x'), '^---!').toBe(
        '(run> producer> producer. each[a]>)',
      );
      m.expectRun(run(mapEach(each(m, '-----'), options), 'x', { signal: abortAfter(4) })).toBe(
        '(run> producer> producer. each[a]>) 4ms (producer! each[a]! run!)',
      );
      m.flush();
      expect(producer.calls.map(({ outcome }) => outcome)).toEqual(Array(3).fill('cancelled'));
    }),
  );

  it(
    'refuses two items with one key',
    marbles((m) => {
      const producer = fakeStep(m, 'producer', '-a-a-|');
      const done = record(run(mapEach(each(m, '-(x|)'), { over: producer, keyBy: same }), 'x'));
      m.flush();
      expect(done.error).toBeInstanceOf(DuplicateKeyError);
      expect(done.events).toBeTimeline(
        '(run> producer>) 1ms (producer. each[a]>) 1ms (each[a]. each[a]|) 1ms (producer. producer! run#)',
      );
    }),
  );

  it('takes its items from an async generator as it yields them', async () => {
    const producer = step('producer', async function* (text: string) {
      yield* text.split(' ');
    });
    const { output, events } = await collectRun(
      run(mapEach(length, { over: producer, keyBy: same }), 'a bc'),
    );
    expect(output).toEqual([1, 2]);
    expect(checkEvents(events)).toEqual([]);
    const order = events.map(({ type, path }) => `${type} ${path}`);
    expect(order.indexOf('step.completed /length[a]')).toBeLessThan(
      order.indexOf('step.completed /producer'),
    );
  });

  it('needs keys', () => {
    const producer = step('producer', (_: string) => of('a'));
    expect(() => mapEach(length, { over: producer })).toThrow(
      expect.objectContaining({ name: 'DefinitionError', message: expect.stringContaining('producer') }),
    );
  });

  it('takes what the producer takes, and works on what it streams', () => {
    const producer = step('producer', (pages: number) => of(`${pages}`));
    expectTypeOf(mapEach(length, { over: producer, keyBy: same })).toEqualTypeOf<Step<number, number[]>>();
    const byId = step('byId', ({ id }: { id: number }) => id);
    const users = step('users', (_: string) => of({ id: 1, name: 'a' }));
    expectTypeOf(mapEach(byId, { over: users, keyBy: ({ name }) => name })).toEqualTypeOf<
      Step<string, number[]>
    >();
    const sizes = step('sizes', (_: string) => of(1, 2));
    // @ts-expect-error: it streams numbers, and length takes none
    () => mapEach(length, { over: sizes, keyBy: String });
    // @ts-expect-error: the producer takes no text
    () => run(mapEach(length, { over: producer, keyBy: same }), 'x');
    const list = step('list', (_: string) => ['a', 'b']);
    // @ts-expect-error: it streams nothing; its output are no items
    () => mapEach(length, { over: list, keyBy: same });
    // @ts-expect-error: a composite streams nothing, even if what is in it does
    () => mapEach(length, { over: named('n', producer), keyBy: same });
  });
});
