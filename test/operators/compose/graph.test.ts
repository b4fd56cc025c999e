import { of, throwError } from 'rxjs';
import { DefinitionError, run, type Step, step } from 'tutti';
import { graph, graphOf, mapEach, named, parallel, retry, sequence, values } from 'tutti/operators';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { abortOn } from '../abort-on.ts';
import { record } from '../record.ts';

const length = step('length', (text: string) => text.length);
const upper = step('upper', (text: string) => text.toUpperCase());
const echo = step('echo', (given: unknown) => given);
const broken = new RangeError('broken');

/** A step that takes `ms` milliseconds and gives its id. */
const wait = (m: MarblesContext, id: string, ms: number) => fakeStep(m, id, `${ms}ms (${id}|)`);

describe('graph', () => {
  it(
    'runs each node as soon as all that it comes after has ended, without layers',
    marbles((m) => {
      const [a, b, c, d] = [wait(m, 'a', 2), wait(m, 'b', 5), wait(m, 'c', 1), wait(m, 'd', 1)];
      const all = graph<string>()
        .node('a', a)
        .node('b', b)
        .node('c', c, { after: ['a'] })
        .node('d', d, { after: ['b', 'c'] });
      m.expectRun(run(all, 'x')).toBe(
        `(run> a> b>)
         2ms (a. a| c>)
         1ms (c. c|)
         2ms (b. b| d>)
         1ms (d. d| run|)`,
      );
    }),
  );

  it(
    'gives the output of the only node that nobody comes after',
    marbles((m) => {
      const both = graph<string>()
        .node('length', length)
        .node('upper', upper)
        .node('both', echo, { after: ['length', 'upper'] });
      m.expect(of('ab').pipe(both, values())).toBeObservable('(a|)', {
        a: { input: 'ab', length: 2, upper: 'AB' },
      });
    }),
  );

  it('gives a record of the nodes that nobody comes after, where there are several', () => {
    const both = graph<string>()
      .node('first', upper)
      .node('size', length, { after: ['first'], input: ({ first }) => first })
      .node('same', upper);
    expect(record(run(both, 'ab')).output).toEqual({ size: 2, same: 'AB' });
  });

  it(
    'without nodes gives {} at once',
    marbles(() => {
      const done = record(run(graph<string>(), 'x'));
      expect(done.output).toEqual({});
      expect(done.events).toBeTimeline('(run> run|)');
    }),
  );

  it('gives a node the input of the graph, or, after others, that and their outputs', () => {
    const given = graph<string>()
      .node('a', echo)
      .node('b', echo, { after: ['a'] })
      .node('c', echo, { after: ['a', 'b'] });
    expect(record(run(given, 'x')).output).toEqual({
      input: 'x',
      a: 'x',
      b: { input: 'x', a: 'x' },
    });
  });

  it('makes the input of a node where told how', () => {
    const sized = graph<{ text: string }>()
      .node('up', upper, { input: ({ input }) => input.text })
      .node('size', length, { after: ['up'], input: ({ up, input }) => up + input.text });
    expect(record(run(sized, { text: 'ab' })).output).toBe(4);
  });

  it(
    'skips a node whose condition does not hold; those after it run, with undefined for it',
    marbles(() => {
      const checked = graph<string>()
        .node('size', length)
        .node('shout', upper, { after: ['size'], when: ({ size }) => size > 3, input: ({ input }) => input })
        .node('report', echo, { after: ['size', 'shout'] });
      const skipped = record(run(checked, 'ab'));
      expect(skipped.events).toBeTimeline('(run> size> size| shout- report> report| run|)');
      expect(skipped.output).toEqual({ input: 'ab', size: 2, shout: undefined });
      expect(skipped.all('step.skipped')).toMatchObject([
        { step: 'upper', reason: 'its condition does not hold' },
      ]);
      const taken = record(run(checked, 'abcd'));
      expect(taken.output).toEqual({ input: 'abcd', size: 4, shout: 'ABCD' });
      expect(taken.all('step.skipped')).toEqual([]);
    }),
  );

  it('can skip its only sink, its sources, and everything', () => {
    const no = { when: () => false };
    expect(record(run(graph<string>().node('a', upper, no), 'x')).output).toBeUndefined();
    const both = graph<string>().node('a', upper, no).node('b', length);
    expect(record(run(both, 'x')).output).toEqual({ a: undefined, b: 1 });
    const none = graph<string>()
      .node('a', upper, no)
      .node('b', echo, { after: ['a'], ...no });
    const done = record(run(none, 'x'));
    expect(done.output).toBeUndefined();
    expect(done.all('step.skipped').map(({ path }) => path)).toEqual(['/a', '/b']);
  });

  it('does not ask for the input of a node that it skips', () => {
    const input = (): never => {
      throw broken;
    };
    const skipped = graph<string>().node('a', upper, { when: () => false, input });
    expect(record(run(skipped, 'x')).output).toBeUndefined();
  });

  it(
    'starts nothing more when who hears that a node is skipped cancels',
    marbles((m) => {
      const { signal, listening } = abortOn('step.skipped');
      const all = graph<string>()
        .node('a', upper, { when: () => false })
        .node('b', echo, { after: ['a'] })
        .node('c', length);
      m.expectRun(run(all, 'x', { signal }).pipe(listening)).toBe('(run> a- run!)');
    }),
  );

  it(
    'fails with the first failure, after what else runs was cancelled; what follows does not start',
    marbles((m) => {
      const a = wait(m, 'a', 5);
      const b = fakeStep(m, 'b', '--#', { error: broken });
      const c = wait(m, 'c', 1);
      const all = graph<string>()
        .node('a', a)
        .node('b', b)
        .node('c', c, { after: ['b'] });
      const done = record(run(named('n', all), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> n> n/a> n/b>) 2ms (n/b# n/a! n# run#)');
      expect(done.error).toBe(broken);
      expect(a.calls).toMatchObject([{ endedAt: 2, outcome: 'cancelled' }]);
      expect(c.calls).toEqual([]);
    }),
  );

  it(
    "with failure 'finish' runs what does not come after a failure, skips the rest, and fails with the first",
    marbles((m) => {
      const later = new RangeError('later');
      const all = graph<string>({ failure: 'finish' })
        .node('a', fakeStep(m, 'a', '--#', { error: broken }))
        .node('b', wait(m, 'b', 5))
        .node('c', wait(m, 'c', 1), { after: ['a'] })
        .node('d', wait(m, 'd', 1), { after: ['c'], when: () => expect.fail('it is not asked') })
        .node('e', wait(m, 'e', 1), { after: ['b'] })
        .node('f', fakeStep(m, 'f', '---#', { error: later }));
      const done = record(run(named('n', all), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        `(run> n> n/a> n/b> n/f>)
         2ms (n/a# n/c- n/d-)
         1ms n/f#
         2ms (n/b. n/b| n/e>)
         1ms (n/e. n/e| n# run#)`,
      );
      expect(done.error).toBe(broken);
      expect(done.all('step.skipped').map(({ reason }) => reason)).toEqual([
        'a has no output',
        'c has no output',
      ]);
    }),
  );

  it(
    'runs a node alone where asked: it waits for what runs, and nothing overtakes it',
    marbles((m) => {
      const all = graph<string>()
        .node('a', wait(m, 'a', 2))
        .node('b', wait(m, 'b', 1), { alone: true })
        .node('c', wait(m, 'c', 1))
        .node('d', wait(m, 'd', 1), { alone: true })
        .node('e', wait(m, 'e', 1), { after: ['c'] });
      m.expectRun(run(all, 'x')).toBe(
        `(run> a>)
         2ms (a. a| b>)
         1ms (b. b| c>)
         1ms (c. c| d>)
         1ms (d. d| e>)
         1ms (e. e| run|)`,
      );
    }),
  );

  it('runs a node alone again when it is skipped, fails or is all there is', () => {
    const alone = { alone: true } as const;
    const none = graph<string>()
      .node('a', length, { ...alone, when: () => false })
      .node('b', upper, alone);
    expect(record(run(none, 'x')).output).toEqual({ a: undefined, b: 'X' });
    const failing = step('failing', () => throwError(() => broken));
    const after = graph<string>({ failure: 'finish' }).node('a', failing, alone).node('b', upper);
    expect(record(run(after, 'x')).started).toEqual(['/a', '/b']);
  });

  it('does not start what comes after a source that fails at once', () => {
    const failing = step('failing', () => throwError(() => broken));
    const done = record(run(graph<string>().node('a', failing).node('b', length), 'x'));
    expect(done.started).toEqual(['/a']);
  });

  it('fails with what a condition or an input throws', () => {
    const throws = (): never => {
      throw broken;
    };
    expect(record(run(graph<string>().node('a', length, { when: throws }), 'x')).error).toBe(broken);
    expect(record(run(graph<string>().node('a', length, { input: throws }), 'x')).error).toBe(broken);
  });

  it(
    'runs no more than `concurrency` nodes at once',
    marbles((m) => {
      const all = graph<string>({ concurrency: 2 })
        .node('a', wait(m, 'a', 3))
        .node('b', wait(m, 'b', 1))
        .node('c', wait(m, 'c', 1))
        .node('d', wait(m, 'd', 1), { after: ['b'] });
      m.expectRun(run(all, 'x')).toBe('(run> a> b>) 1ms (b. b| c>) 1ms (c. c| d>) 1ms (a. a| d. d| run|)');
    }),
  );

  it(
    'ends what runs when it is unsubscribed or cancelled',
    marbles((m) => {
      const [a, b, c] = [wait(m, 'a', 2), wait(m, 'b', 9), wait(m, 'c', 9)];
      const all = graph<string>()
        .node('a', a)
        .node('b', b)
        .node('c', c, { after: ['a'] });
      m.expectRun(run(all, 'x'), '^---!').toBe('(run> a> b>) 2ms (a. a| c>)');
      m.expectRun(run(named('n', all), 'x', { signal: abortAfter(4) })).toBe(
        '(run> n> n/a> n/b>) 2ms (n/a. n/a| n/c>) 2ms (n/b! n/c! n! run!)',
      );
      m.flush();
      expect([...b.calls, ...c.calls].map(({ outcome }) => outcome)).toEqual(Array(4).fill('cancelled'));
    }),
  );

  it('has a place of its own below the root, where nodes go by their ids', () => {
    const one = graph<string>().node('a/b', length);
    const inner = sequence(upper, one);
    expect(record(run(inner, 'x')).started).toEqual(['/upper', '/graph/a%2Fb']);
    const held = graph<string>()
      .node('both', parallel({ length, upper }))
      .node('each', mapEach(length, { over: (text: string) => [text] }));
    expect(record(run(held, 'x')).started).toEqual(['/both/length', '/both/upper', '/each/length[0]']);
  });

  it('retries a node alone', () => {
    const flaky = step('flaky', (_: string, { attempt }) => {
      if (attempt === 1) throw broken;
      return attempt;
    });
    const all = graph<string>()
      .node('a', length)
      .node('b', flaky.with(retry({ delay: 0 })))
      .node('c', echo, { after: ['a', 'b'] });
    const done = record(run(all, 'x'));
    expect(done.output).toEqual({ input: 'x', a: 1, b: 2 });
    expect(done.started).toEqual(['/a', '/b', '/b', '/c']);
  });

  it('waits once for a node that is named twice', () => {
    const twice = graph<string>()
      .node('a', length)
      .node('b', echo, { after: ['a', 'a'] });
    expect(record(run(twice, 'x')).output).toEqual({ input: 'x', a: 1 });
  });

  it('grows without changing: each node makes a new graph', () => {
    const one = graph<string>().node('a', length);
    const two = one.node('b', upper);
    expect(record(run(one, 'x')).output).toBe(1);
    expect(record(run(two, 'x')).output).toEqual({ a: 1, b: 'X' });
  });

  it('grows in several directions from one', () => {
    const one = graph<string>().node('a', length);
    const [two, three] = [one.node('b', upper), one.node('c', upper)];
    expect(record(run(one, 'x')).output).toBe(1);
    expect(record(run(two, 'x')).output).toEqual({ a: 1, b: 'X' });
    expect(record(run(three, 'x')).output).toEqual({ a: 1, c: 'X' });
    expect(record(run(three.node('b', echo, { after: ['a'] }), 'x')).output).toEqual({
      c: 'X',
      b: { input: 'x', a: 1 },
    });
    expect(() => three.node('c', upper)).toThrow(DefinitionError);
  });

  it('runs a chain of 1,000 nodes, and 1,000 nodes side by side', () => {
    const next = step('next', (n: number) => n + 1);
    const ids = Array.from({ length: 1000 }, (_, i) => `n${i}`);
    const chain = Object.fromEntries(
      ids.map((id, i) => [
        id,
        i === 0
          ? { step: next }
          : { step: next, after: [`n${i - 1}`], input: (given: object) => Reflect.get(given, `n${i - 1}`) },
      ]),
    );
    expect(record(run(graphOf(chain), 0)).output).toBe(1000);
    const wide = Object.fromEntries(ids.map((id) => [id, { step: next }]));
    expect(record(run(graphOf(wide), 1)).output).toEqual(Object.fromEntries(ids.map((id) => [id, 2])));
  });

  it('refuses an id that is taken, and one that could not be told from what is given', () => {
    const one = graph<string>().node('a', length);
    expect(() => one.node('a', upper)).toThrow(
      expect.objectContaining({ name: 'DefinitionError', message: 'graph: two nodes are called "a"' }),
    );
    for (const id of ['', 'input', '__proto__'])
      expect(() => one.node(id, upper)).toThrow(expect.objectContaining({ name: 'DefinitionError' }));
  });

  it('refuses to come after a node that is not there', () => {
    expect(() => {
      // @ts-expect-error: there is no such node
      graph<string>().node('a', length, { after: ['b'] });
    }).toThrow('graph: a comes after "b", which is not a node');
    expect(() => {
      // @ts-expect-error: nor does a node come after itself
      graph<string>().node('a', length, { after: ['a'] });
    }).toThrow(DefinitionError);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a concurrency of %d', (concurrency) => {
    expect(() => graph({ concurrency })).toThrow(expect.objectContaining({ name: 'DefinitionError' }));
  });

  it('knows what each node is given, and what comes out', () => {
    const sized = graph<string>()
      .node('up', upper)
      .node('size', length, {
        after: ['up'],
        input: (given) => {
          expectTypeOf(given).toExtend<{ input: string; up: string }>();
          return given.up;
        },
      });
    expectTypeOf(sized).toExtend<Step<string, number>>();
    expectTypeOf(sized.node('same', upper)).toExtend<Step<string, { size: number; same: string }>>();
    const maybe = graph<string>().node('up', upper, { when: () => true });
    expectTypeOf(maybe).toExtend<Step<string, string | undefined>>();
    // @ts-expect-error: the output may be undefined
    () => maybe satisfies Step<string, string>;
    // @ts-expect-error: length takes a text, not what it is given after up
    () => sized.node('again', length, { after: ['up'] });
    // @ts-expect-error: size is a number
    () => sized.node('again', length, { after: ['size'], input: ({ size }) => size });
    // @ts-expect-error: it does not come after size
    () => sized.node('again', length, { after: ['up'], input: ({ size }) => size });
    // @ts-expect-error: it takes a text
    () => run(sized, 1);
  });
});

describe('graphOf', () => {
  it('makes a graph of data, with nodes in any order', () => {
    const data = graphOf({
      report: { step: echo, after: ['size', 'shout'] },
      size: { step: length },
      shout: {
        step: upper,
        after: ['size'],
        when: ({ size }) => Number(size) > 3,
        input: ({ input }) => input,
      },
    });
    expect(record(run(data, 'abcd')).output).toEqual({ input: 'abcd', size: 4, shout: 'ABCD' });
    const done = record(run(data, 'ab'));
    expect(done.output).toEqual({ input: 'ab', size: 2, shout: undefined });
    expect(done.started).toEqual(['/size', '/report']);
  });

  it('without nodes gives {}', () => {
    expect(record(run(graphOf({}), 'x')).output).toEqual({});
  });

  it(
    'runs no more than `concurrency` nodes at once',
    marbles((m) => {
      const entries = { a: { step: wait(m, 'a', 1) }, b: { step: wait(m, 'b', 1) } };
      m.expectRun(run(graphOf(entries, { concurrency: 1 }), 'x')).toBe(
        '(run> a>) 1ms (a. a| b>) 1ms (b. b| run|)',
      );
    }),
  );

  it('refuses a circle, and prints it', () => {
    const circle = {
      start: { step: echo },
      a: { step: echo, after: ['start', 'c'] },
      b: { step: echo, after: ['a'] },
      c: { step: echo, after: ['b'] },
      end: { step: echo, after: ['c'] },
    };
    expect(() => graphOf(circle)).toThrow(
      expect.objectContaining({
        name: 'DefinitionError',
        message: expect.stringMatching(
          /^graph: the nodes (a -> b -> c -> a|b -> c -> a -> b|c -> a -> b -> c) form a cycle$/,
        ),
      }),
    );
    expect(() => graphOf({ a: { step: echo, after: ['a'] } })).toThrow(
      expect.objectContaining({ name: 'DefinitionError', message: expect.stringContaining('a') }),
    );
  });

  it('refuses to come after a node that is not there, and names that cannot be', () => {
    expect(() => graphOf({ a: { step: echo, after: ['b'] } })).toThrow(
      'graph: a comes after "b", which is not a node',
    );
    expect(() => graphOf({ input: { step: echo } })).toThrow(DefinitionError);
  });

  it('leaves types open', () => {
    expectTypeOf(graphOf({ a: { step: length } })).toEqualTypeOf<Step<unknown, unknown>>();
    // @ts-expect-error: a function is no step
    () => graphOf({ a: { step: (text: string) => text } });
  });
});
