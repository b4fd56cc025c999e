import { map, of } from 'rxjs';
import { DefinitionError, run, type Step, step } from 'tutti';
import { named, parallel, sequence, transform, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

const words = step('words', (text: string) => text.split(' '));
const count = step('count', (items: string[]) => items.length);
const double = step('double', (n: number) => 2 * n);

describe('sequence', () => {
  it(
    'gives each step the output of the one before',
    marbles((m) => {
      m.expect(of('a b c', 'd').pipe(sequence(words, count, double), values())).toBeObservable('(ab|)', {
        a: 6,
        b: 2,
      });
    }),
  );

  it(
    'runs one step after the other',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--(a|)');
      const b = fakeStep(m, 'b', '-b-(c|)');
      m.expectRun(run(sequence(a, b), 'x')).toBe('(run> a>) 2ms (a. a| b>) 1ms b. 2ms (b. b| run|)');
      m.flush();
      expect(b.calls).toMatchObject([{ input: 'a', startedAt: 2, endedAt: 5 }]);
    }),
  );

  it(
    'without steps gives its input',
    marbles(() => {
      const done = record(run(sequence(), 'x'));
      expect(done.output).toBe('x');
      expect(done.events).toBeTimeline('(run> run|)');
    }),
  );

  it(
    'fails with the failure of a step; what follows does not start',
    marbles((m) => {
      const broken = new RangeError('broken');
      const a = fakeStep(m, 'a', '-(a|)');
      const b = fakeStep(m, 'b', '--#', { error: broken });
      const c = fakeStep(m, 'c', '(c|)');
      const done = record(run(sequence(a, b, c), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a>) 1ms (a. a| b>) 2ms (b# run#)');
      expect(done.error).toBe(broken);
      expect(c.calls).toEqual([]);
    }),
  );

  it(
    'ends the running step when it is unsubscribed; what follows does not start',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-(a|)');
      const b = fakeStep(m, 'b', '-----(b|)');
      const c = fakeStep(m, 'c', '(c|)');
      m.expectRun(run(sequence(a, b, c), 'x'), '^--!').toBe('(run> a>) 1ms (a. a| b>)');
      m.flush();
      expect(b.calls).toMatchObject([{ endedAt: 3, outcome: 'cancelled' }]);
      expect(c.calls).toEqual([]);
    }),
  );

  it(
    'is cancelled gracefully: the running step, then the run',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-(a|)');
      const b = fakeStep(m, 'b', '-----(b|)');
      const done = record(run(sequence(a, b), 'x', { signal: abortAfter(3) }));
      m.flush();
      expect(done.events).toBeTimeline('(run> a>) 1ms (a. a| b>) 2ms (b! run!)');
      expect(done.end).toMatchObject({ type: 'run.cancelled', reason: 'enough' });
      expect(b.calls).toMatchObject([{ endedAt: 3, outcome: 'cancelled' }]);
    }),
  );

  it('gives a repeated id a number, by position', () => {
    const done = record(run(sequence(double, double, named('other', double), double), 1));
    expect(done.output).toBe(16);
    expect(done.started).toEqual(['/double', '/double~2', '/other', '/other/double', '/double~3']);
  });

  it('is one with sequences directly inside it', () => {
    const done = record(run(sequence(sequence(double, sequence(double)), double), 1));
    expect(done.output).toBe(8);
    expect(done.started).toEqual(['/double', '/double~2', '/double~3']);
  });

  it('calls composites inside it by their kind', () => {
    const both = parallel({ a: double, b: double });
    const done = record(
      run(
        sequence(
          both,
          transform(({ a }) => a),
          both,
        ),
        1,
      ),
    );
    expect(done.output).toEqual({ a: 4, b: 4 });
    expect(done.started).toEqual(['/parallel/a', '/parallel/b', '/parallel~2/a', '/parallel~2/b']);
  });

  it('fails before it starts anything when one of its parts is no step', () => {
    const operator = map((n: number) => n);
    // @ts-expect-error: an operator of RxJS is no step
    expect(() => sequence(double, operator)).toThrow(DefinitionError);
  });

  it('takes what its first step takes and gives what its last gives', () => {
    expectTypeOf(sequence(words, count)).toEqualTypeOf<Step<string, number>>();
    expectTypeOf(sequence()).toEqualTypeOf<Step<unknown, unknown>>();
    // @ts-expect-error: words takes no number
    sequence(count, words);
    // @ts-expect-error: count takes no number
    sequence(words, count, count);
    expectTypeOf(sequence(sequence(words, count), double.map(String))).toEqualTypeOf<Step<string, string>>();
    // @ts-expect-error: it takes no number
    run(sequence(words, count), 1);
  });
});
