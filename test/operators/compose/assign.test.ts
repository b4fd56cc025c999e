import { type Observable, of } from 'rxjs';
import { DefinitionError, type OutputOf, run, step } from 'tutti';
import { assign, sequence, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

const count = step('count', ({ text }: { text: string }) => text.split(' ').length);
const rate = step('rate', ({ n }: { n: number }) => n / 60);
const broken = new RangeError('broken');

describe('assign', () => {
  it(
    'puts the output of each step in under its key',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', '---(s|)');
      m.expect(of({ text: 'a b', tag: 1 }).pipe(assign({ n: count, slow }), values())).toBeObservable(
        '---(a|)',
        { a: { text: 'a b', tag: 1, n: 2, slow: 's' } },
      );
    }),
  );

  it('grows the record along a sequence, for later steps to see', () => {
    const done = record(run(sequence(assign({ n: count }), assign({ minutes: rate })), { text: 'a b c' }));
    expect(done.output).toEqual({ text: 'a b c', n: 3, minutes: 0.05 });
  });

  it('leaves the record it was given as it was', () => {
    const given = Object.freeze({ text: 'a b' });
    expect(record(run(assign({ n: count }), given)).output).toEqual({ text: 'a b', n: 2 });
    expect(given).toEqual({ text: 'a b' });
  });

  it('replaces what had the same key', () => {
    const shout = step('shout', ({ text }: { text: string }) => `${text}!`);
    expect(record(run(assign({ text: shout }), { text: 'a' })).output).toEqual({ text: 'a!' });
  });

  it(
    'without steps gives the record',
    marbles(() => {
      const done = record(run(assign({}), { text: 'a' }));
      expect(done.output).toEqual({ text: 'a' });
      expect(done.events).toBeTimeline('(run> run|)');
    }),
  );

  it(
    'runs its steps side by side, each below its place',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--(a|)');
      const b = fakeStep(m, 'b', '-(b|)');
      m.expectRun(run(sequence(assign({ x: a, y: b }), assign({ z: a })), {})).toBe(
        `(run> assign/x> assign/y>) 1ms (assign/y. assign/y|) 1ms (assign/x. assign/x| assign~2/z>)
         2ms (assign~2/z. assign~2/z| run|)`,
      );
    }),
  );

  it(
    'fails with the first failure, after the other steps were cancelled',
    marbles((m) => {
      const a = fakeStep(m, 'a', '---(a|)');
      const b = fakeStep(m, 'b', '--#', { error: broken });
      const done = record(run(assign({ a, b }), {}));
      m.flush();
      expect(done.events).toBeTimeline('(run> a> b>) 2ms (b# a! run#)');
      expect(done.error).toBe(broken);
      expect(a.calls).toMatchObject([{ endedAt: 2, outcome: 'cancelled' }]);
    }),
  );

  it.each([[null], [undefined], ['text'], [1]])('refuses to grow %s', (input) => {
    const { error } = record(run(assign({}), input));
    expect(error).toBeInstanceOf(DefinitionError);
  });

  it(
    'ends its steps when it is unsubscribed, and when it is cancelled',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      m.expectRun(run(assign({ a }), {}), '^--!').toBe('(run> a>)');
      m.expectRun(run(assign({ a }), {}, { signal: abortAfter(1) })).toBe('(run> a>) 1ms (a! run!)');
      m.flush();
      expect(a.calls).toMatchObject([
        { endedAt: 3, outcome: 'cancelled' },
        { endedAt: 1, outcome: 'cancelled' },
      ]);
    }),
  );

  it('keeps what it is given in the type, and adds to it', () => {
    const measured = sequence(assign({ n: count }), assign({ minutes: rate }));
    expectTypeOf<OutputOf<typeof measured>>().toExtend<{ text: string; n: number; minutes: number }>();
    expectTypeOf(of({ text: 'a', tag: 1 }).pipe(assign({ n: count }), values())).toExtend<
      Observable<{ text: string; tag: number; n: number }>
    >();
    // @ts-expect-error: rate needs n, which nothing puts in
    () => sequence(assign({ m: count }), assign({ minutes: rate }));
    // @ts-expect-error: count needs a text
    () => run(assign({ n: count }), { n: 1 });
  });
});
