import { of } from 'rxjs';
import { run, type Step, step } from 'tutti';
import { branch, named, parallel, sequence, transform, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

const isLong = (text: string) => text.length > 3;
const cut = step('cut', (text: string) => text.slice(0, 3));
const length = step('length', (text: string) => text.length);
const broken = new RangeError('broken');

describe('branch', () => {
  it(
    'runs one step or the other, by the condition',
    marbles((m) => {
      m.expect(of('long', 'no').pipe(branch(isLong, cut, length), values())).toBeObservable('(ab|)', {
        a: 'lon',
        b: 2,
      });
    }),
  );

  it(
    'completes when the step taken does',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', (_: string) => '---(s|)');
      m.expectRun(run(branch(isLong, slow, length), 'long')).toBe('(run> slow>) 3ms (slow. slow| run|)');
    }),
  );

  it(
    'tells nothing of the step not taken where there are two',
    marbles(() => {
      expect(record(run(branch(isLong, cut, length), 'no')).events).toBeTimeline(
        '(run> length> length| run|)',
      );
    }),
  );

  it(
    'without otherwise lets the input through, and says that the step is skipped',
    marbles(() => {
      const done = record(run(branch(isLong, cut), 'no'));
      expect(done.output).toBe('no');
      expect(done.events).toBeTimeline('(run> cut- run|)');
      expect(done.all('step.skipped')).toMatchObject([
        { step: 'cut', reason: 'its condition does not hold' },
      ]);
    }),
  );

  it(
    'says that a composite is skipped, as a graph does, and nothing of a transformation',
    marbles(() => {
      const done = record(run(branch(isLong, parallel({ cut, length })), 'no'));
      expect(done.all('step.skipped')).toMatchObject([{ path: '/parallel', step: 'parallel' }]);
      expect(done.events).toHaveLength(3);
      expect(done.output).toBe('no');
      const changed = record(
        run(
          branch(
            isLong,
            transform((text: string) => text),
          ),
          'no',
        ),
      );
      expect(changed.events).toBeTimeline('(run> run|)');
    }),
  );

  it(
    'has a place of its own below the root',
    marbles(() => {
      const twice = sequence(branch(isLong, cut), branch(isLong, cut, cut), branch(isLong, cut));
      const done = record(run(twice, 'long'));
      expect(done.events).toBeTimeline(
        '(run> branch/cut> branch/cut| branch~2/cut~2> branch~2/cut~2| branch~3/cut- run|)',
      );
    }),
  );

  it('calls a composite that it takes by its kind', () => {
    const done = record(run(sequence(branch(isLong, parallel({ cut, length }))), 'long'));
    expect(done.started).toEqual(['/branch/parallel/cut', '/branch/parallel/length']);
  });

  it(
    'fails with the failure of the step taken',
    marbles((m) => {
      const failing = fakeStep(m, 'failing', (_: string) => '--#', { error: broken });
      const done = record(run(branch(isLong, failing), 'long'));
      m.flush();
      expect(done.events).toBeTimeline('(run> failing>) 2ms (failing# run#)');
      expect(done.error).toBe(broken);
    }),
  );

  it(
    'fails with what its condition throws',
    marbles(() => {
      const throwing = (_: string): boolean => {
        throw broken;
      };
      const done = record(run(named('n', branch(throwing, cut)), 'x'));
      expect(done.events).toBeTimeline('(run> n> n# run#)');
      expect(done.error).toBe(broken);
    }),
  );

  it(
    'ends the step taken when it is unsubscribed, and when it is cancelled',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', (_: string) => '----(s|)');
      m.expectRun(run(branch(isLong, slow), 'long'), '^--!').toBe('(run> slow>)');
      m.expectRun(run(branch(isLong, slow), 'long', { signal: abortAfter(1) })).toBe(
        '(run> slow>) 1ms (slow! run!)',
      );
      m.flush();
      expect(slow.calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
    }),
  );

  it('takes what the condition takes, and gives what either step gives', () => {
    expectTypeOf(branch(isLong, cut, length)).toEqualTypeOf<Step<string, string | number>>();
    expectTypeOf(branch(isLong, length)).toEqualTypeOf<Step<string, number | string>>();
    const half = step('half', (n: number) => n / 2);
    // @ts-expect-error: half takes no text
    () => run(branch(isLong, half), 'long');
    // @ts-expect-error: the output may be the input
    () => branch(isLong, length) satisfies Step<string, number>;
    // @ts-expect-error: the condition is a function
    () => branch(true, cut);
  });
});
