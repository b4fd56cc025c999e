import { of } from 'rxjs';
import { DefinitionError, run, type Step, step } from 'tutti';
import { branch, mapEach, named, parallel, retry, sequence, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

const length = step('length', (text: string) => text.length);
const broken = new RangeError('broken');

describe('named', () => {
  it(
    'gives what the composite inside gives',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', '---(s|)');
      m.expect(of('ab').pipe(named('both', parallel({ slow, length })), values())).toBeObservable('---(a|)', {
        a: { slow: 's', length: 2 },
      });
    }),
  );

  it(
    'puts its steps between its start and its end, below its path',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--(a|)');
      const b = fakeStep(m, 'b', '-(b|)');
      m.expectRun(run(named('analysis', parallel({ a, b })), 'x')).toBe(
        `(run> analysis> analysis/a> analysis/b>) 1ms (analysis/b. analysis/b|)
         1ms (analysis/a. analysis/a| analysis| run|)`,
      );
    }),
  );

  it('is the place of the composite it holds, and above the step it holds', () => {
    const paths = (inside: Step<string, unknown>) => record(run(named('n', inside), 'x')).started;
    expect(paths(length)).toEqual(['/n', '/n/length']);
    expect(paths(sequence(length))).toEqual(['/n', '/n/length']);
    expect(paths(parallel([length]))).toEqual(['/n', '/n/0']);
    expect(paths(branch(() => true, length))).toEqual(['/n', '/n/length']);
    expect(paths(mapEach(length).using((text: string) => [text]))).toEqual(['/n', '/n/mapEach/length[0]']);
    expect(paths(named('o', length))).toEqual(['/n', '/n/o', '/n/o/length']);
  });

  it(
    'tells of its cost, its duration, and its input and output',
    marbles((m) => {
      const paid = step('paid', (_: string, ctx) => {
        ctx.cost({ usd: 0.5 });
        return m.cold('--(p|)');
      });
      const done = record(run(named('twice', sequence(paid, paid)), 'x'));
      m.flush();
      expect(done.all('step.completed').map(({ path, costUsd, durationMs }) => [path, costUsd, durationMs]))
        // A step that holds others counts them in.
        .toEqual([
          ['/twice/paid', 0.5, 2],
          ['/twice/paid~2', 0.5, 2],
          ['/twice', 1, 4],
        ]);
      expect(done.all('step.started')[0]).toMatchObject({ step: 'twice', input: 'x' });
      expect(done.all('step.completed').at(-1)).toMatchObject({ output: 'p', source: 'live' });
      expect(done.end.costUsd).toBe(1);
    }),
  );

  it(
    'fails after what it holds has',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--#', { error: broken });
      const done = record(run(named('n', sequence(length, a)), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> n> n/length> n/length| n/a>) 2ms (n/a# n# run#)');
      expect(done.error).toBe(broken);
    }),
  );

  it(
    'ends what it holds when it is unsubscribed, and is cancelled after it',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      m.expectRun(run(named('n', a), 'x'), '^--!').toBe('(run> n> n/a>)');
      m.expectRun(run(named('n', a), 'x', { signal: abortAfter(1) })).toBe(
        '(run> n> n/a>) 1ms (n/a! n! run!)',
      );
      m.flush();
      expect(a.calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
    }),
  );

  it(
    'takes policies for all that it holds',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '-(a|)']);
      const n = named('n', sequence(length, a)).with(retry({ delay: 3 }));
      m.expectRun(run(n, 'x')).toBe(
        `(run> n> n/length> n/length| n/a>) 1ms (n/a# n~)
         3ms (n> n/length> n/length| n/a>) 1ms (n/a. n/a| n| run|)`,
      );
    }),
  );

  it.each(['', 'a/b', 'a#1', 'a[b]', '50%', 'a~2', '!a'])('refuses to be called %j', (id) => {
    expect(() => named(id, length)).toThrow(DefinitionError);
  });

  it('takes and gives what the step inside does, without its partials', () => {
    expectTypeOf(named('n', length)).toEqualTypeOf<Step<string, number>>();
    // @ts-expect-error: length takes no number
    () => run(named('n', length), 1);
    // @ts-expect-error: a function is no step
    () => named('n', (text: string) => text);
  });
});
