import { EMPTY } from 'rxjs';
import { DefinitionError, run, type Step, step } from 'tutti';
import { parallel, sequence, transform, values } from 'tutti/operators';
import { marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { record } from '../record.ts';

const length = transform((text: string) => text.length);

describe('transform', () => {
  it(
    'changes each value, at once',
    marbles((m) => {
      const source = m.cold('a--b-|', { a: 'x', b: 'xyz' });
      m.expect(source.pipe(length, values())).toBeObservable('a--b-|', { a: 1, b: 3 });
    }),
  );

  it('completes with nothing on nothing', () => {
    const seen: unknown[] = [];
    EMPTY.pipe(length).subscribe({
      next: (emission) => seen.push(emission),
      complete: () => seen.push('complete'),
    });
    expect(seen).toEqual(['complete']);
  });

  it(
    'tells no events, and has no place',
    marbles(() => {
      const shout = step('shout', (n: number) => `${n}!`);
      const done = record(run(sequence(length, shout, parallel({ a: length, b: length })), 'ab'));
      expect(done.events).toBeTimeline('(run> shout> shout| run|)');
      expect(done.output).toEqual({ a: 2, b: 2 });
    }),
  );

  it(
    'fails with what it throws',
    marbles(() => {
      const broken = new RangeError('broken');
      const done = record(
        run(
          transform((_: string): number => {
            throw broken;
          }),
          'x',
        ),
      );
      expect(done.error).toBe(broken);
      expect(done.events).toBeTimeline('(run> run#)');
    }),
  );

  it(
    'lets go of its source when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c-|');
      m.expect(source.pipe(length, values()), '^---!').toBeObservable('-a-b', { a: 1, b: 1 });
      m.has(source, '^---!');
    }),
  );

  it.each([
    ['transform', transform(async (text: string) => text)],
    ['using', step('s', (text: string) => text).using((async (text: string) => text) as never)],
    ['map', step('s', (text: string) => text).map(async (text) => text)],
    ['using', sequence(length).using((async (text: string) => text) as never)],
    ['map', sequence(length).map(async (text) => text)],
  ])('refuses a promise, which it does not wait for: %s', (what, changing) => {
    const { error } = record(run(changing as Step<string, unknown>, 'x'));
    expect(error).toBeInstanceOf(DefinitionError);
    expect(error).toMatchObject({
      message: expect.stringContaining(`${what}: the function must be synchronous`),
    });
  });

  it('takes and gives what its function does', () => {
    expectTypeOf(length).toEqualTypeOf<Step<string, number>>();
    // @ts-expect-error: it takes no number
    () => run(length, 1);
    // @ts-expect-error: it gives no text
    () => length satisfies Step<string, string>;
  });
});
