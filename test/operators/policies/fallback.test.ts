import { take } from 'rxjs';
import { run, type Step, step } from 'tutti';
import { fallback, named, parallel, retry, sequence, timeout } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { abortAfter } from '../abort-after.ts';
import { abortOn } from '../abort-on.ts';
import { record } from '../record.ts';

const broken = new RangeError('broken');
const echo = step('echo', (input: unknown) => input);

/** A step that fails. */
const failing = step('a', (_: string): number => {
  throw broken;
});

describe('fallback', () => {
  it(
    'runs another step in place of the failed one, inside it',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--#', { error: broken });
      const b = fakeStep(m, 'b', '---(b|)');
      const done = record(run(a.with(fallback(b)), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> a>) 2ms (a< a/!fallback:b>) 3ms (a/!fallback:b. a/!fallback:b| a| run|)',
      );
      expect(done.output).toBe('b');
      expect(done.all('step.fallback')).toMatchObject([{ to: 'b', error: { message: 'broken' } }]);
      expect(done.all('step.completed').map(({ path, source }) => [path, source])).toEqual([
        ['/a/!fallback:b', 'live'],
        ['/a', 'fallback'],
      ]);
      expect(b.calls).toMatchObject([{ input: 'x' }]);
    }),
  );

  it(
    'does nothing for a step that succeeds, with or without a value',
    marbles((m) => {
      const b = fakeStep(m, 'b', '(b|)');
      m.expectRun(run(fakeStep(m, 'a', '-(a|)').with(fallback(b)), 'x')).toBe('(run> a>) 1ms (a. a| run|)');
      m.expectRun(run(fakeStep(m, 'a', '-|').with(fallback(b)), 'x')).toBe('(run> a>) 1ms (a| run|)');
      m.flush();
      expect(b.calls).toEqual([]);
    }),
  );

  it(
    'is a chain: when one fails, the next takes over',
    marbles((m) => {
      const b = fakeStep(m, 'b', '-#');
      const c = fakeStep(m, 'c', '-(c|)');
      const d = fakeStep(m, 'd', '-(d|)');
      const done = record(run(failing.with(fallback(b, c, d)), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        `(run> a> a< a/!fallback:b>) 1ms (a/!fallback:b# a< a/!fallback:c>)
         1ms (a/!fallback:c. a/!fallback:c| a| run|)`,
      );
      expect(done.output).toBe('c');
      expect(done.all('step.fallback').map(({ to }) => to)).toEqual(['b', 'c']);
      expect([b, c].map(({ calls }) => calls[0]?.input)).toEqual(['x', 'x']);
      expect(d.calls).toEqual([]);
    }),
  );

  it(
    'fails with the failure of the last',
    marbles((m) => {
      const last = new TypeError('last');
      const b = fakeStep(m, 'b', '-#');
      const c = fakeStep(m, 'c', '-#', { error: last });
      const done = record(run(failing.with(fallback(b, c)), 'x'));
      m.flush();
      expect(done.error).toBe(last);
      expect(done.events.at(-2)).toMatchObject({ type: 'step.failed', path: '/a' });
    }),
  );

  it('hands on the raw input, where the step adapts it itself', () => {
    const adapted = failing.using(({ text }: { text: string }) => text.toUpperCase());
    const done = record(run(adapted.with(fallback(echo)), { text: 'x' }));
    expect(done.output).toEqual({ text: 'x' });
  });

  it('hands on the adapted input, where the whole is adapted', () => {
    const whole = failing.with(fallback(echo)).using(({ text }: { text: string }) => text.toUpperCase());
    expect(record(run(whole, { text: 'x' })).output).toBe('X');
  });

  it('hands on the input as it was before its schema', () => {
    const checked = step({
      id: 'checked',
      input: z.object({ n: z.number().default(1) }),
      run: (): number => {
        throw broken;
      },
    });
    expect(record(run(checked.with(fallback(echo)), {})).output).toEqual({});
  });

  it('takes over from an input or an output that the schema refuses', () => {
    const picky = step({ id: 'picky', input: z.string().min(2), output: z.string().max(3), run: (t) => t });
    const safe = picky.with(fallback(step('safe', (text: string) => `<${text}>`)));
    expect(['x', 'xx', 'xxxx'].map((text) => record(run(safe, text)).output)).toEqual([
      '<x>',
      'xx',
      '<xxxx>',
    ]);
  });

  it('does not map the output of another as that of the step', () => {
    const ok = step('ok', (_: string) => 1);
    const text = failing.map((n) => `${n}!`);
    expect(record(run(text.with(fallback(ok)), 'x')).output).toBe(1);
    expect(
      record(
        run(
          failing.with(fallback(ok)).map((n) => `${n}!`),
          'x',
        ),
      ).output,
    ).toBe('1!');
  });

  it(
    'outside a retry is the last resort, inside it is retried too',
    marbles((m) => {
      const again = retry({ maxRetries: 1, delay: 2 });
      const b = fakeStep(m, 'b', ['-#', '-(b|)']);
      m.expectRun(run(failing.with(again, fallback(echo)), 'x')).toBe(
        '(run> a> a~) 2ms (a> a< a/!fallback:echo> a/!fallback:echo| a| run|)',
      );
      m.expectRun(run(failing.with(fallback(b), again), 'x')).toBe(
        `(run> a> a< a/!fallback:b>) 1ms (a/!fallback:b# a~)
         2ms (a> a< a/!fallback:b>) 1ms (a/!fallback:b. a/!fallback:b| a| run|)`,
      );
    }),
  );

  it(
    'says fallback only where the output is from one: not after a retry that did without',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-#', '-(a|)']);
      const b = fakeStep(m, 'b', '-#');
      const done = record(run(a.with(fallback(b), retry({ delay: 1 })), 'x'));
      m.flush();
      expect(done.output).toBe('a');
      expect(done.all('step.completed')).toMatchObject([{ path: '/a', source: 'live' }]);
    }),
  );

  it('counts the cost of all who tried', () => {
    const paid = (id: string, usd: number, error?: Error) =>
      step(id, (_: string, { cost }) => {
        cost({ usd });
        if (error !== undefined) throw error;
      });
    const chain = paid('a', 1, broken).with(fallback(paid('b', 2, broken), paid('c', 4)));
    const done = record(run(chain, 'x'));
    expect(done.all('step.completed').at(-1)).toMatchObject({ path: '/a', costUsd: 7 });
    expect(done.end.costUsd).toBe(7);
  });

  it(
    'takes a composite, and numbers those with one id',
    marbles(() => {
      const both = parallel({ echo, twice: echo });
      expect(record(run(failing.with(fallback(both)), 'x')).started).toEqual([
        '/a',
        '/a/!fallback:parallel/echo',
        '/a/!fallback:parallel/twice',
      ]);
      const again = record(run(failing.with(fallback(failing, failing, echo)), 'x'));
      expect(again.started).toEqual(['/a', '/a/!fallback:a', '/a/!fallback:a~2', '/a/!fallback:echo']);
    }),
  );

  it(
    'takes over for a whole composite',
    marbles((m) => {
      const b = fakeStep(m, 'b', '--(b|)');
      const whole = named('n', parallel({ b, failing })).with(fallback(echo));
      m.expectRun(run(sequence(whole), 'x')).toBe(
        '(run> n> n/b> n/failing> n/failing# n/b! n< n/!fallback:echo> n/!fallback:echo| n| run|)',
      );
    }),
  );

  it(
    'takes over from a time-out, and is not timed itself unless it is inside',
    marbles((m) => {
      const a = fakeStep(m, 'a', '---------(a|)');
      const b = fakeStep(m, 'b', '------(b|)');
      m.expectRun(run(a.with(timeout(5), fallback(b)), 'x')).toBe(
        '(run> a>) 5ms (a< a/!fallback:b>) 6ms (a/!fallback:b. a/!fallback:b| a| run|)',
      );
      m.expectRun(run(failing.with(fallback(b), timeout(5)), 'x')).toBe(
        '(run> a> a< a/!fallback:b>) 5ms (a/!fallback:b! a# run#)',
      );
    }),
  );

  it(
    'ends who took over when it is unsubscribed, and when it is cancelled; no other takes over',
    marbles((m) => {
      const b = fakeStep(m, 'b', '----(b|)');
      const chain = failing.with(fallback(b, echo));
      m.expectRun(run(chain, 'x'), '^--!').toBe('(run> a> a< a/!fallback:b>)');
      m.expectRun(run(chain, 'x', { signal: abortAfter(1) })).toBe(
        '(run> a> a< a/!fallback:b>) 1ms (a/!fallback:b! a! run!)',
      );
      m.flush();
      expect(b.calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
    }),
  );

  it(
    'does not take over from a step that is cancelled',
    marbles((m) => {
      const a = fakeStep(m, 'a', '----(a|)');
      m.expectRun(run(a.with(fallback(echo)), 'x', { signal: abortAfter(1) })).toBe(
        '(run> a>) 1ms (a! run!)',
      );
    }),
  );

  it(
    'does not take over when who hears of the failure cancels or unsubscribes',
    marbles((m) => {
      const { signal, listening } = abortOn('step.fallback');
      const b = fakeStep(m, 'b', '(b|)');
      m.expectRun(run(failing.with(fallback(b)), 'x', { signal }).pipe(listening)).toBe(
        '(run> a> a< a! run!)',
      );
      m.expectRun(run(failing.with(fallback(b)), 'x').pipe(take(3))).toBe('(run> a> a<)');
      m.flush();
      expect(b.calls).toEqual([]);
    }),
  );

  it('refuses to be nobody', () => {
    expect(() => fallback()).toThrow(expect.objectContaining({ name: 'DefinitionError' }));
  });

  it('takes what the step takes, and may give something else', () => {
    const text = step('text', (input: string) => input);
    expectTypeOf(failing.with(fallback(text))).toEqualTypeOf<Step<string, number | string>>();
    expectTypeOf(failing.with(fallback(echo))).toExtend<Step<string, unknown>>();
    const half = step('half', (n: number) => n / 2);
    // @ts-expect-error: half takes no text
    () => failing.with(fallback(half));
    // @ts-expect-error: the output may be a text
    () => failing.with(fallback(text)) satisfies Step<string, number>;
    // @ts-expect-error: a value is no step
    () => fallback(1);
  });
});
