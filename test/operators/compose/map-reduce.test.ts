import { of } from 'rxjs';
import { run, type Step, step } from 'tutti';
import { fold, mapReduce, named, parallel, retry, type SettledItem, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

const length = step('length', (text: string) => text.length);
const sum = step('sum', (ns: number[]) => ns.reduce((a, b) => a + b, 0));
const same = (item: string) => item;
const broken = new RangeError('broken');

describe('mapReduce', () => {
  it(
    'hands the outputs of all items to the reducing step, in the order of the items',
    marbles((m) => {
      const wait = fakeStep(m, 'wait', (item: string) => `${item}ms (${item}|)`);
      const join = step('join', (texts: string[]) => texts.join('+'));
      m.expect(of(['3', '1', '2']).pipe(mapReduce(wait, join), values())).toBeObservable('---(a|)', {
        a: '3+1+2',
      });
    }),
  );

  it(
    'runs the reducing step when all items have ended',
    marbles((m) => {
      const each = fakeStep(m, 'each', (item: string) => `${item}ms (a|)`);
      const reduce = fakeStep(m, 'reduce', '--(r|)');
      m.expectRun(run(mapReduce(each, reduce), ['3', '1'])).toBe(
        `(run> mapEach/each[0]> mapEach/each[1]>) 1ms (mapEach/each[1]. mapEach/each[1]|)
         2ms (mapEach/each[0]. mapEach/each[0]| reduce>) 2ms (reduce. reduce| run|)`,
      );
    }),
  );

  it('hands [] to the reducing step when there are no items', () => {
    expect(record(run(mapReduce(length, sum), [])).output).toBe(0);
  });

  it(
    'fails with the first failure of an item; the reducing step does not start',
    marbles((m) => {
      const each = fakeStep(m, 'each', (item: string) => item, { error: broken });
      const reduce = fakeStep(m, 'reduce', '(r|)');
      const done = record(run(mapReduce(each, reduce), ['-#', '---(a|)']));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> mapEach/each[0]> mapEach/each[1]>) 1ms (mapEach/each[0]# mapEach/each[1]! run#)',
      );
      expect(done.error).toBe(broken);
      expect(reduce.calls).toEqual([]);
    }),
  );

  it('fails with the failure of the reducing step', () => {
    const failing = step('failing', (_: number[]): number => {
      throw broken;
    });
    expect(record(run(mapReduce(length, failing), ['a'])).error).toBe(broken);
  });

  it("with 'settle' hands each one's outcome to the reducing step", () => {
    const picky = step('picky', (text: string) => {
      if (text === 'b') throw broken;
      return text.length;
    });
    const report = step('report', (results: SettledItem<number>[]) => results);
    const done = record(run(mapReduce(picky, report, { keyBy: same, failure: 'settle' }), ['a', 'b']));
    expect(done.output).toEqual([
      { key: 'a', status: 'fulfilled', value: 1 },
      { key: 'b', status: 'rejected', reason: broken },
    ]);
  });

  it(
    'takes its items from where it is told, and as many at once as it may',
    marbles((m) => {
      const each = fakeStep(m, 'each', (item: string) => `${item}ms (${item}|)`);
      const join = step('join', (texts: string[]) => texts.join('+'));
      const over = ({ waits }: { waits: string[] }) => waits;
      const done = record(run(mapReduce(each, join, { over, concurrency: 1 }), { waits: ['3', '1'] }));
      m.flush();
      expect(done.output).toBe('3+1');
      expect(each.calls.map(({ startedAt }) => startedAt)).toEqual([0, 3]);
    }),
  );

  it(
    'ends what runs when it is unsubscribed or cancelled',
    marbles((m) => {
      const each = fakeStep(m, 'each', '--(a|)');
      const reduce = fakeStep(m, 'reduce', '-----(r|)');
      const both = mapReduce(each, reduce);
      m.expectRun(run(both, ['x']), '^-!').toBe('(run> mapEach/each[0]>)');
      m.expectRun(run(both, ['x'], { signal: abortAfter(4) })).toBe(
        '(run> mapEach/each[0]>) 2ms (mapEach/each[0]. mapEach/each[0]| reduce>) 2ms (reduce! run!)',
      );
      m.flush();
      expect(each.calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'completed']);
      expect(reduce.calls.map(({ outcome }) => outcome)).toEqual(['cancelled']);
    }),
  );

  it('takes what holds the items, and gives what the reducing step gives', () => {
    expectTypeOf(mapReduce(length, sum)).toExtend<Step<string[], number>>();
    const shout = step('shout', (texts: string[]) => texts.join('!'));
    // @ts-expect-error: the outputs are numbers
    () => mapReduce(length, shout);
    // @ts-expect-error: sum takes no settled results
    () => mapReduce(length, sum, { failure: 'settle' });
    // @ts-expect-error: length takes no numbers
    () => run(mapReduce(length, sum), [1]);
  });
});

describe('mapReduce with a fold', () => {
  const joined = (order?: 'input' | 'completion') =>
    fold(
      (acc: string, text: string) => acc + text,
      () => '>',
      order,
    );

  it(
    'takes results in one by one, in the order of the items',
    marbles((m) => {
      const each = fakeStep(m, 'each', (item: string) => `${item}ms (${item}|)`);
      m.expectRun(run(mapReduce(each, joined()), ['3', '1', '2'])).toBe(
        `(run> each[0]> each[1]> each[2]>) 1ms (each[1]. each[1]|) 1ms (each[2]. each[2]|)
         1ms (each[0]. each[0]| run|)`,
      );
      const done = record(run(mapReduce(each, joined()), ['3', '1', '2']));
      m.flush();
      expect(done.output).toBe('>312');
    }),
  );

  it(
    'takes results in as they come, where told to',
    marbles((m) => {
      const each = fakeStep(m, 'each', (item: string) => `${item}ms (${item}|)`);
      const done = record(run(mapReduce(each, joined('completion')), ['3', '1', '2']));
      m.flush();
      expect(done.output).toBe('>123');
    }),
  );

  it(
    'takes a result in as soon as its turn has come',
    marbles((m) => {
      const taken: string[] = [];
      const noting = fold(
        (n: number, text: string) => taken.push(`${text} at ${m.scheduler.now()}`) + n,
        () => 0,
      );
      const each = fakeStep(m, 'each', (item: string) => `${item}ms (${item}|)`);
      run(mapReduce(each, noting), ['2', '1', '4', '3']).subscribe();
      m.flush();
      expect(taken).toEqual(['2 at 2', '1 at 2', '4 at 4', '3 at 4']);
    }),
  );

  it('gives the seed when there are no items, a new one for each run', () => {
    const list = fold(
      (acc: number[], n: number) => {
        acc.push(n);
        return acc;
      },
      (): number[] => [],
    );
    const lengths = mapReduce(length, list);
    expect(record(run(lengths, [])).output).toEqual([]);
    expect(record(run(lengths, ['a', 'bc'])).output).toEqual([1, 2]);
    expect(record(run(lengths, ['abc'])).output).toEqual([3]);
  });

  it('fails with what the fold throws, and with what its seed throws', () => {
    const throws = (): never => {
      throw broken;
    };
    expect(
      record(
        run(
          mapReduce(
            length,
            fold(throws, () => 0),
          ),
          ['a'],
        ),
      ).error,
    ).toBe(broken);
    expect(
      record(
        run(
          mapReduce(
            length,
            fold((n: number) => n, throws),
          ),
          ['a'],
        ),
      ).error,
    ).toBe(broken);
    const deep = named(
      'n',
      parallel({
        a: mapReduce(
          length,
          fold((n: number) => n, throws),
        ),
      }),
    );
    expect(record(run(deep, ['a'])).error).toBe(broken);
  });

  it(
    'begins anew when the items are retracted',
    marbles((m) => {
      const producer = fakeStep(m, 'producer', ['(ab)-#', '(cd)-|']);
      const upper = step('upper', (text: string) => text.toUpperCase());
      const options = { over: producer.with(retry({ delay: 1 })), keyBy: same };
      const done = record(run(mapReduce(upper, joined(), options), 'x'));
      const asTheyCome = record(run(mapReduce(upper, joined('completion'), options), 'x'));
      m.flush();
      expect(done.output).toBe('>CD');
      expect(asTheyCome.output).toBe('>CD');
    }),
  );

  it("with 'settle' takes each one's outcome in", () => {
    const picky = step('picky', (text: string) => {
      if (text === 'b') throw broken;
      return text.length;
    });
    const failed = fold(
      (keys: string[], { key, status }: SettledItem<number>) =>
        status === 'rejected' ? [...keys, key] : keys,
      (): string[] => [],
    );
    const done = record(run(mapReduce(picky, failed, { keyBy: same, failure: 'settle' }), ['a', 'b']));
    expect(done.output).toEqual(['b']);
  });

  it('folds what the items give', () => {
    const total = fold(
      (acc: number, n: number) => acc + n,
      () => 0,
    );
    expectTypeOf(mapReduce(length, total)).toExtend<Step<string[], number>>();
    // @ts-expect-error: the outputs are numbers
    () => mapReduce(length, joined());
    const wrong = () =>
      fold(
        (acc: number, n: number) => acc + n,
        // @ts-expect-error: the seed is a number too
        () => '',
      );
    expect(wrong).toBeTypeOf('function');
  });
});
