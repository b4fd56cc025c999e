import { throwError } from 'rxjs';
import { DefinitionError, run, type Step, step } from 'tutti';
import { named, parallel, recover, retry } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { abortOn } from '../abort-on.ts';
import { record } from '../record.ts';

const broken = new RangeError('broken');

/** A step that fails. */
const failing = step('a', (_: string): number => {
  throw broken;
});

describe('recover', () => {
  it(
    'makes an output of a failure',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-a-#', { error: broken });
      const done = record(run(a.with(recover(() => 'none')), 'x'));
      m.flush();
      expect(done.events).toBeTimeline('(run> a>) 1ms a. 2ms (a< a| run|)');
      expect(done.output).toBe('none');
      expect(done.all('step.fallback')).toMatchObject([{ to: 'recover', error: { message: 'broken' } }]);
      expect(done.all('step.completed')).toMatchObject([{ source: 'fallback', output: 'none' }]);
    }),
  );

  it(
    'does nothing for a step that succeeds, with or without a value',
    marbles((m) => {
      const handle = (): never => expect.fail('there was no failure');
      const a = fakeStep(m, 'a', '-(a|)').with(recover(handle));
      const empty = fakeStep(m, 'empty', '-|').with(recover(handle));
      m.expectRun(run(a, 'x')).toBe('(run> a>) 1ms (a. a| run|)');
      m.expectRun(run(empty, 'x')).toBe('(run> empty>) 1ms (empty| run|)');
    }),
  );

  it('is told the failure as it was thrown, and the input', () => {
    const done = record(run(failing.with(recover((error, input) => [error, input])), 'x'));
    expect(done.output).toEqual([broken, 'x']);
    expect((done.output as unknown[])[0]).toBe(broken);
  });

  it('is told of what is no error as the cause of one', () => {
    const odd = step('odd', () => throwError(() => 'no'));
    const done = record(run(odd.with(recover((error) => error)), undefined));
    expect(done.output).toMatchObject({ name: 'StepFailedError', message: 'no', cause: 'no' });
  });

  it('refuses a promise, which it does not wait for', () => {
    const done = record(run(failing.with(recover(async () => 'none')), 'x'));
    expect(done.error).toBeInstanceOf(DefinitionError);
    expect(done.error).toMatchObject({
      message: expect.stringContaining('recover: the function must be synchronous'),
    });
  });

  it('gives undefined where it returns nothing', () => {
    expect(record(run(failing.with(recover(() => undefined)), 'x')).output).toBeUndefined();
  });

  it(
    'fails with what it throws, such as the same error again',
    marbles(() => {
      const rethrow = (error: unknown): number => {
        throw error;
      };
      const done = record(run(failing.with(recover(rethrow)), 'x'));
      expect(done.error).toBe(broken);
      expect(done.events).toBeTimeline('(run> a> a# run#)');
    }),
  );

  it(
    'is asked after the last attempt outside a retry, after the first inside',
    marbles((m) => {
      const again = retry({ maxRetries: 1, delay: 2 });
      m.expectRun(
        run(
          failing.with(
            again,
            recover(() => 0),
          ),
          'x',
        ),
      ).toBe('(run> a> a~) 2ms (a> a< a| run|)');
      m.expectRun(
        run(
          failing.with(
            recover(() => 0),
            again,
          ),
          'x',
        ),
      ).toBe('(run> a> a< a| run|)');
    }),
  );

  it(
    'recovers a whole composite, after what ran in it was cancelled',
    marbles((m) => {
      const b = fakeStep(m, 'b', '--(b|)');
      const whole = named('n', parallel({ b, failing })).with(recover(() => ({})));
      m.expectRun(run(whole, 'x')).toBe('(run> n> n/b> n/failing> n/failing# n/b! n< n| run|)');
    }),
  );

  it(
    'does not take a cancellation for a failure',
    marbles((m) => {
      const handle = (): never => expect.fail('there was no failure');
      const a = fakeStep(m, 'a', '----(a|)');
      m.expectRun(run(a.with(recover(handle)), 'x'), '^--!').toBe('(run> a>)');
      m.expectRun(run(a.with(recover(handle)), 'x', { signal: abortAfter(1) })).toBe(
        '(run> a>) 1ms (a! run!)',
      );
      m.flush();
      expect(a.calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
    }),
  );

  it(
    'gives nothing when who hears of the failure cancels',
    marbles((m) => {
      const { signal, listening } = abortOn('step.fallback');
      const recovered = failing.with(recover(() => 0));
      m.expectRun(run(recovered, 'x', { signal }).pipe(listening)).toBe('(run> a> a< a! run!)');
    }),
  );

  it('adds what it gives to the type, and can name what it takes', () => {
    expectTypeOf(failing.with(recover(() => 'none'))).toEqualTypeOf<Step<string, number | string>>();
    const byLength = recover((_, input: string) => input.length);
    expectTypeOf(failing.with(byLength)).toEqualTypeOf<Step<string, number>>();
    const half = step('half', (n: number) => n / 2);
    // @ts-expect-error: half takes no text
    () => half.with(byLength);
    // @ts-expect-error: the output may be a text
    () => failing.with(recover(() => 'none')) satisfies Step<string, number>;
    // @ts-expect-error: a value is no handler
    () => recover('none');
  });
});
