import { of } from 'rxjs';
import { run, type Step, StepFailedError, step } from 'tutti';
import { named, race, sequence, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

const length = step('length', (text: string) => text.length);
const upper = step('upper', (text: string) => text.toUpperCase());
const broken = new RangeError('broken');

describe('race', () => {
  it(
    'gives the output of the first to end',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      const b = fakeStep(m, 'b', '--(b|)');
      m.expect(of('x').pipe(race([a, b]), values())).toBeObservable('--(b|)');
    }),
  );

  it(
    "cancels and tears down the losers, after the winner's end",
    marbles((m) => {
      const a = fakeStep(m, 'a', '-.--(a|)');
      const b = fakeStep(m, 'b', '--(b|)');
      const c = fakeStep(m, 'c', '---#');
      m.expectRun(run(race([a, b, c]), 'x')).toBe(
        `(run> a> b> c>) 1ms a.
         1ms (b. b| a! c! run|)`,
      );
      m.flush();
      expect(a.calls).toMatchObject([{ input: 'x', endedAt: 2, outcome: 'cancelled' }]);
      expect(c.calls).toMatchObject([{ input: 'x', endedAt: 2, outcome: 'cancelled' }]);
    }),
  );

  it(
    'does not start those that come after one that ends at once',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', '---(s|)');
      m.expectRun(run(race([length, slow]), 'x')).toBe('(run> length> length| run|)');
      m.flush();
      expect(slow.calls).toEqual([]);
    }),
  );

  it(
    'fails when the first to end failed, after the others were cancelled',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      const b = fakeStep(m, 'b', '--#', { error: broken });
      const done = record(run(named('first', race([a, b])), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> first> first/a> first/b>) 2ms (first/b# first/a! first# run#)');
      expect(done.error).toBe(broken);
      expect(a.calls).toMatchObject([{ endedAt: 2, outcome: 'cancelled' }]);
    }),
  );

  it(
    "with 'settle' waits for a success",
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      const b = fakeStep(m, 'b', '--#');
      const c = fakeStep(m, 'c', '-----(c|)');
      const done = record(run(race([a, b, c], { failure: 'settle' }), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a> b> c>) 2ms b# 2ms (a. a| c! run|)');
      expect(done.output).toBe('a');
    }),
  );

  it(
    "with 'settle' fails when all failed, with all their failures",
    marbles((m) => {
      const late = new TypeError('late');
      const a = fakeStep(m, 'a', '----#', { error: late });
      const b = fakeStep(m, 'b', '--#', { error: broken });
      const done = record(run(race([a, b], { failure: 'settle' }), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a> b>) 2ms b# 2ms (a# run#)');
      const error = done.error as StepFailedError;
      expect(error).toBeInstanceOf(StepFailedError);
      expect(error.cause).toBeInstanceOf(AggregateError);
      expect((error.cause as AggregateError).errors).toEqual([broken, late]);
    }),
  );

  it(
    'ends all of them when it is unsubscribed',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      const b = fakeStep(m, 'b', '----(b|)');
      m.expectRun(run(race([a, b]), 'x'), '^-!').toBe('(run> a> b>)');
      m.flush();
      expect(a.calls).toMatchObject([{ endedAt: 2, outcome: 'cancelled' }]);
      expect(b.calls).toMatchObject([{ endedAt: 2, outcome: 'cancelled' }]);
    }),
  );

  it(
    'is cancelled gracefully',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      const b = fakeStep(m, 'b', '-#');
      const first = named('first', race([a, b], { failure: 'settle' }));
      m.expectRun(run(first, 'x', { signal: abortAfter(3) })).toBe(
        '(run> first> first/a> first/b>) 1ms first/b# 2ms (first/a! first! run!)',
      );
      m.flush();
      expect(a.calls).toMatchObject([{ endedAt: 3, outcome: 'cancelled' }]);
    }),
  );

  it(
    'counts what losers cost',
    marbles((m) => {
      const paid = step('paid', (_: string, ctx) => {
        ctx.cost({ usd: 2 });
        return m.cold('-----(p|)');
      });
      const free = fakeStep(m, 'free', '--(f|)');
      const done = record(run(race([paid, free]), 'x'));
      m.flush();
      expect(done.end).toMatchObject({ type: 'run.completed', costUsd: 2 });
    }),
  );

  it('has a place of its own below the root', () => {
    const done = record(run(sequence(upper, race([length, upper])), 'x'));
    expect(done.started).toEqual(['/upper', '/race/length']);
  });

  it(
    'numbers those with one id, by position',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--(a|)');
      m.expectRun(run(race([a, a]), 'x')).toBe('(run> a> a~2>) 2ms (a. a| a~2! run|)');
    }),
  );

  it('refuses a race of nobody', () => {
    // @ts-expect-error: at least one has to run
    expect(() => race([])).toThrow(expect.objectContaining({ name: 'DefinitionError' }));
  });

  it('takes what all take, and gives what any gives', () => {
    expectTypeOf(race([length, upper])).toEqualTypeOf<Step<string, string | number>>();
    const byId = step('byId', ({ id }: { id: number }) => id);
    const byName = step('byName', ({ name }: { name: string }) => name);
    expectTypeOf(race([byId, byName])).toEqualTypeOf<
      Step<{ id: number } & { name: string }, string | number>
    >();
    // @ts-expect-error: byName needs a name
    () => run(race([byId, byName]), { id: 1 });
    // @ts-expect-error: what comes out may be a number
    () => race([length, upper]) satisfies Step<string, string>;
  });
});
