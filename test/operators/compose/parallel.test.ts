import { of, throwError } from 'rxjs';
import { run, type Step, step } from 'tutti';
import { named, parallel, sequence, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

const length = step('length', (text: string) => text.length);
const upper = step('upper', (text: string) => text.toUpperCase());
const always1 = step('always1', (_: unknown) => 1);
const broken = new RangeError('broken');

describe('parallel', () => {
  it(
    'gives a record of the outputs, by key',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', '---(s|)');
      m.expect(of('ab').pipe(parallel({ slow, length, upper }), values())).toBeObservable('---(a|)', {
        a: { slow: 's', length: 2, upper: 'AB' },
      });
    }),
  );

  it(
    'gives a tuple of the outputs, by position',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', '---(s|)');
      m.expect(of('ab').pipe(parallel([slow, length, length]), values())).toBeObservable('---(a|)', {
        a: ['s', 2, 2],
      });
    }),
  );

  it(
    'runs its steps side by side on the same input',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-----(a|)');
      const b = fakeStep(m, 'b', '--(b|)');
      m.expectRun(run(parallel({ a, b }), 'x')).toBe(
        `(run> a> b>) 2ms (b. b|)
         3ms (a. a| run|)`,
      );
      m.flush();
      expect([a, b].map(({ calls }) => calls)).toMatchObject([
        [{ input: 'x', startedAt: 0 }],
        [{ input: 'x', startedAt: 0 }],
      ]);
    }),
  );

  it('keeps the order of its keys, whoever is first', () => {
    expect(Object.keys(record(run(parallel({ upper, length }), 'x')).output)).toEqual(['upper', 'length']);
  });

  it(
    'without branches gives {} or [] at once',
    marbles(() => {
      const record0 = record(run(parallel({}), 'x'));
      const tuple0 = record(run(parallel([]), 'x'));
      expect(record0.output).toEqual({});
      expect(tuple0.output).toEqual([]);
      expect(tuple0.events).toBeTimeline('(run> run|)');
      expect(record(run(parallel({}, { failure: 'settle' }), 'x')).output).toEqual({});
    }),
  );

  it(
    'fails with the first failure, after the other branches were cancelled',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-----(a|)');
      const b = fakeStep(m, 'b', '--#', { error: broken });
      const c = fakeStep(m, 'c', '---#');
      const done = record(run(named('all', parallel({ a, b, c })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> all> all/a> all/b> all/c>) 2ms (all/b# all/a! all/c! all# run#)',
      );
      expect(done.error).toBe(broken);
      expect(a.calls).toMatchObject([{ endedAt: 2, outcome: 'cancelled' }]);
      expect(c.calls).toMatchObject([{ endedAt: 2, outcome: 'cancelled' }]);
    }),
  );

  it(
    'does not start what comes after a branch that fails at once',
    marbles((m) => {
      const failing = step('failing', () => throwError(() => broken));
      const b = fakeStep(m, 'b', '--(b|)');
      m.expectRun(run(parallel({ failing, b }), 'x')).toBe('(run> failing> failing# run#)');
      m.flush();
      expect(b.calls).toEqual([]);
    }),
  );

  it(
    "with 'settle' lets all of them end, and gives each one's outcome",
    marbles((m) => {
      const a = fakeStep(m, 'a', '-----(a|)');
      const b = fakeStep(m, 'b', '--#', { error: broken });
      const done = record(run(parallel({ a, b }, { failure: 'settle' }), 'x'));
      const tuple = record(run(parallel([b, b], { failure: 'settle' }), 'x'));
      m.flush();
      expect(done.output).toEqual({
        a: { status: 'fulfilled', value: 'a' },
        b: { status: 'rejected', reason: broken },
      });
      expect(done.events).toBeTimeline(
        `(run> a> b>) 2ms b#
         3ms (a. a| run|)`,
      );
      expect(tuple.output).toEqual([
        { status: 'rejected', reason: broken },
        { status: 'rejected', reason: broken },
      ]);
    }),
  );

  it(
    'runs no more than `concurrency` at once, the others in order as there is room',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      const b = fakeStep(m, 'b', '--(b|)');
      const c = fakeStep(m, 'c', '---(c|)');
      const done = record(run(parallel({ a, b, c, length }, { concurrency: 2 }), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        `(run> a> b>)
         2ms (b. b| c>)
         2ms (a. a| length> length|)
         1ms (c. c| run|)`,
      );
      expect(done.output).toEqual({ a: 'a', b: 'b', c: 'c', length: 1 });
    }),
  );

  it(
    'with a failure does not start those that waited for room',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-#');
      const b = fakeStep(m, 'b', '-(b|)');
      m.expectRun(run(parallel([a, b], { concurrency: 1 }), 'x')).toBe('(run> 0>) 1ms (0# run#)');
      m.flush();
      expect(b.calls).toEqual([]);
    }),
  );

  it(
    'ends all branches when it is unsubscribed, and starts none that waited',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-----(a|)');
      const b = fakeStep(m, 'b', '-----(b|)');
      const c = fakeStep(m, 'c', '-----(c|)');
      m.expectRun(run(parallel({ a, b, c }, { concurrency: 2 }), 'x'), '^--!').toBe('(run> a> b>)');
      m.flush();
      expect(a.calls).toMatchObject([{ endedAt: 3, outcome: 'cancelled' }]);
      expect(b.calls).toMatchObject([{ endedAt: 3, outcome: 'cancelled' }]);
      expect(c.calls).toEqual([]);
    }),
  );

  it(
    'is cancelled gracefully, innermost first',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-----(a|)');
      const b = fakeStep(m, 'b', '-(b|)');
      const c = fakeStep(m, 'c', '-----(c|)');
      const all = named('all', parallel({ a, b, inner: named('inner', parallel([c])) }));
      m.expectRun(run(all, 'x', { signal: abortAfter(3) })).toBe(
        `(run> all> all/a> all/b> all/inner> all/inner/0>) 1ms (all/b. all/b|)
         2ms (all/a! all/inner/0! all/inner! all! run!)`,
      );
      m.flush();
      expect(c.calls).toMatchObject([{ endedAt: 3, outcome: 'cancelled' }]);
    }),
  );

  it('has a place of its own below the root', () => {
    const done = record(run(sequence(parallel({ a: length }), parallel([always1])), 'x'));
    expect(done.started).toEqual(['/parallel/a', '/parallel~2/0']);
    expect(done.output).toEqual([1]);
    const twice = record(run(parallel({ outer: parallel([length, upper]) }), 'x'));
    expect(twice.started).toEqual(['/outer/0', '/outer/1']);
  });

  it('encodes the marks of a path in its keys, and gives them back as they were', () => {
    const done = record(run(parallel({ 'a/b [1]': length, 'c~#%!': upper }), 'x'));
    expect(done.started).toEqual(['/a%2Fb %5B1%5D', '/c%7E%23%25%21']);
    expect(done.output).toEqual({ 'a/b [1]': 1, 'c~#%!': 'X' });
  });

  it('calls a composite in a branch by its key alone', () => {
    const done = record(
      run(
        parallel({
          a: sequence(
            length,
            step('twice', (n: number) => 2 * n),
          ),
        }),
        'xy',
      ),
    );
    expect(done.started).toEqual(['/a/length', '/a/twice']);
    expect(done.output).toEqual({ a: 4 });
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a concurrency of %d', (concurrency) => {
    expect(() => parallel({ length }, { concurrency })).toThrow(
      expect.objectContaining({ name: 'DefinitionError', message: expect.stringContaining('concurrency') }),
    );
  });

  it('refuses a branch that would change the prototype of its output', () => {
    expect(() => parallel({ ['__proto__']: length })).toThrow(
      expect.objectContaining({ name: 'DefinitionError' }),
    );
  });

  it('takes what all branches take, and gives what each gives', () => {
    const byId = step('byId', ({ id }: { id: number }) => id);
    const byName = step('byName', ({ name }: { name: string }) => name);
    expectTypeOf(parallel({ byId, byName })).toEqualTypeOf<
      Step<{ id: number } & { name: string }, { byId: number; byName: string }>
    >();
    expectTypeOf(parallel([length, upper])).toEqualTypeOf<Step<string, [number, string]>>();
    expectTypeOf(parallel([])).toEqualTypeOf<Step<unknown, []>>();
    expectTypeOf(parallel({ length }, { failure: 'settle' })).toEqualTypeOf<
      Step<string, { length: PromiseSettledResult<number> }>
    >();
    // @ts-expect-error: byName needs a name
    () => run(parallel({ byId, byName }), { id: 1 });
    // @ts-expect-error: no input is both a text and a record with an id
    () => run(parallel({ length, byId }), 'x');
    // @ts-expect-error: a number is no step
    () => parallel({ length: 1 });
    // @ts-expect-error: there is no such mode
    () => parallel({ length }, { failure: 'ignore' });
  });
});
