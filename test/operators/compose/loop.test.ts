import { of } from 'rxjs';
import { MaxStepsError, run, type Step, step } from 'tutti';
import { loop, named, parallel, sequence, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

const double = step('double', (n: number) => 2 * n);
const broken = new RangeError('broken');

describe('loop', () => {
  it(
    'runs a step on its own output, until the condition holds',
    marbles((m) => {
      m.expect(of(1, 3, 200).pipe(loop(double, { until: (n) => n > 10 }), values())).toBeObservable(
        '(abc|)',
        { a: 16, b: 12, c: 400 },
      );
    }),
  );

  it(
    'gives each pass a path of its own, one after the other',
    marbles((m) => {
      const draft = fakeStep(m, 'draft', ['--(a|)', '-(b|)', '---(c|)']);
      const done = record(run(sequence(loop(draft, { until: (text) => text === 'c' })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        `(run> loop/draft#1>) 2ms (loop/draft#1. loop/draft#1| loop/draft#2>)
         1ms (loop/draft#2. loop/draft#2| loop/draft#3>)
         3ms (loop/draft#3. loop/draft#3| run|)`,
      );
      expect(done.output).toBe('c');
      expect(draft.calls.map(({ input }) => input)).toEqual(['x', 'a', 'b']);
    }),
  );

  it('asks after each pass, with its output and its number from 1', () => {
    const asked: [number, number][] = [];
    const until = (n: number, pass: number) => asked.push([n, pass]) === 3;
    expect(record(run(loop(double, { until }), 1)).output).toBe(8);
    expect(asked).toEqual([
      [2, 1],
      [4, 2],
      [8, 3],
    ]);
  });

  it('with max alone makes exactly that many passes', () => {
    expect(record(run(loop(double, { max: 1 }), 1)).output).toBe(2);
    expect(record(run(loop(double, { max: 5 }), 1)).output).toBe(32);
  });

  it('stops before max where the condition holds, at max too', () => {
    const until = (n: number) => n >= 8;
    const done = record(run(loop(double, { until, max: 3 }), 1));
    expect(done.output).toBe(8);
    expect(done.started).toEqual(['/double#1', '/double#2', '/double#3']);
  });

  it(
    'fails when the condition does not hold after max passes',
    marbles(() => {
      const done = record(run(named('n', loop(double, { until: () => false, max: 2 })), 1));
      expect(done.error).toBeInstanceOf(MaxStepsError);
      expect(done.error).toMatchObject({ code: 'MAX_STEPS', max: 2 });
      expect(done.events).toBeTimeline('(run> n> n/double#1> n/double#1| n/double#2> n/double#2| n# run#)');
    }),
  );

  it(
    'fails with the failure of a pass',
    marbles((m) => {
      const draft = fakeStep(m, 'draft', ['-(a|)', '--#', '-(c|)'], { error: broken });
      const done = record(run(loop(draft, { max: 3 }), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> draft#1>) 1ms (draft#1. draft#1| draft#2>) 2ms (draft#2# run#)',
      );
      expect(done.error).toBe(broken);
    }),
  );

  it('fails with what its condition throws', () => {
    const until = (): boolean => {
      throw broken;
    };
    expect(record(run(loop(double, { until }), 1)).error).toBe(broken);
  });

  it('calls a composite by its kind, and loops in loops by their passes', () => {
    const both = sequence(double, double);
    expect(record(run(loop(both, { max: 2 }), 1)).started).toEqual([
      '/sequence#1/double',
      '/sequence#1/double~2',
      '/sequence#2/double',
      '/sequence#2/double~2',
    ]);
    expect(record(run(loop(loop(double, { max: 2 }), { max: 2 }), 1)).started).toEqual([
      '/loop#1/double#1',
      '/loop#1/double#2',
      '/loop#2/double#1',
      '/loop#2/double#2',
    ]);
  });

  it('makes 10,000 passes at once', () => {
    const next = step('next', (n: number) => n + 1);
    expect(record(run(loop(next, { until: (n) => n === 10_000 }), 0)).output).toBe(10_000);
  });

  it(
    'ends the pass when it is unsubscribed or cancelled; no other starts',
    marbles((m) => {
      const draft = fakeStep(m, 'draft', '---(a|)');
      m.expectRun(run(loop(draft, { max: 9 }), 'x'), '^----!').toBe(
        '(run> draft#1>) 3ms (draft#1. draft#1| draft#2>)',
      );
      m.expectRun(run(parallel([loop(draft, { max: 9 })]), 'x', { signal: abortAfter(4) })).toBe(
        '(run> 0/draft#1>) 3ms (0/draft#1. 0/draft#1| 0/draft#2>) 1ms (0/draft#2! run!)',
      );
      m.flush();
      expect(draft.calls.map(({ outcome }) => outcome)).toEqual([
        'completed',
        'completed',
        'cancelled',
        'cancelled',
      ]);
    }),
  );

  it('refuses to go on for ever by mistake', () => {
    expect(() => loop(double, {})).toThrow(expect.objectContaining({ name: 'DefinitionError' }));
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a max of %d', (max) => {
    expect(() => loop(double, { max })).toThrow(expect.objectContaining({ name: 'DefinitionError' }));
  });

  it('takes a step that takes what it gives', () => {
    const shorten = step('shorten', (text: string | number) => String(text).slice(1));
    expectTypeOf(loop(shorten, { max: 1 })).toEqualTypeOf<Step<string | number, string>>();
    loop(shorten, {
      until: (text, pass) => {
        expectTypeOf(text).toEqualTypeOf<string>();
        expectTypeOf(pass).toEqualTypeOf<number>();
        return true;
      },
    });
    const length = step('length', (text: string) => text.length);
    // @ts-expect-error: length cannot take the number it gives
    () => loop(length, { max: 2 });
    // @ts-expect-error: a number has no length
    () => loop(double, { until: (n) => n.length > 1 });
  });
});
