import { of } from 'rxjs';
import { isValue, type OutputOf, type PartialOf, run, workflow } from 'tutti';
import { retry } from 'tutti/operators';
import { type FakeStep, fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';

const busy = Object.assign(new Error('busy'), { code: 'BUSY' });

describe('fakeStep', () => {
  it(
    'plays its marbles: emissions are partials, the last is the output',
    marbles((m) => {
      const fake = fakeStep(m, 'fake', '--a-b-|', { values: { a: 1, b: 2 } });
      const outputs: unknown[] = [];
      m.expectRun(run(fake, 'x')).toBe('(run> fake>) 2ms fake. 2ms fake. 2ms (fake| run|)');
      run(fake, 'x').subscribe((event) => event.type === 'run.completed' && outputs.push(event.output));
      m.flush();
      expect(outputs).toEqual([2]);
    }),
  );

  it(
    'fails with its error',
    marbles((m) => {
      const fake = fakeStep(m, 'fake', '--#', { error: busy });
      const failures: unknown[] = [];
      m.expectRun(run(fake, 'x')).toBe('(run> fake>) 2ms (fake# run#)');
      run(fake, 'x').subscribe((event) => event.type === 'run.failed' && failures.push(event.error));
      m.flush();
      expect(failures).toEqual([{ name: 'Error', code: 'BUSY', message: 'busy' }]);
    }),
  );

  it(
    'remembers its calls',
    marbles((m) => {
      const fake = fakeStep(m, 'fake', '--a|');
      m.expectRun(run(workflow({ name: 'w' }, fake), 'x')).toBe('(run> fake>) 2ms fake. 1ms (fake| run|)');
      m.flush();
      expect(fake.calls).toEqual([
        { input: 'x', path: '/fake', attempt: 1, startedAt: 0, endedAt: 3, outcome: 'completed' },
      ]);
    }),
  );

  it(
    'remembers how each call ended',
    marbles((m) => {
      const fake = fakeStep(m, 'fake', ['--a|', '-#', '--']);
      run(fake, 1).subscribe();
      run(fake, 2).subscribe();
      m.expectRun(run(fake, 3), '^---!').toBe('(run> fake>)');
      run(fake, 4).subscribe();
      m.flush();
      expect(fake.calls.map(({ input, outcome, endedAt }) => [input, outcome, endedAt])).toEqual([
        [1, 'completed', 3],
        [2, 'failed', 1],
        [4, 'running', undefined],
        [3, 'cancelled', 4],
      ]);
    }),
  );

  it(
    'plays one diagram per call, the last for all that follow',
    marbles((m) => {
      const fake = fakeStep(m, 'fake', ['-#', '--(a|)'], { error: busy });
      m.expectRun(run(fake, 1)).toBe('(run> fake>) 1ms (fake# run#)');
      m.expectRun(run(fake, 2)).toBe('(run> fake>) 2ms (fake. fake| run|)');
      m.expectRun(run(fake, 3)).toBe('(run> fake>) 2ms (fake. fake| run|)');
    }),
  );

  it(
    'fails first and succeeds later, under a retry',
    marbles((m) => {
      const fake = fakeStep(m, 'fake', ['--#', '--a|'], { error: busy });
      const retried = fake.with(retry({ delay: 5 }));
      m.expectRun(run(retried, 'x')).toBe('(run> fake>) 2ms fake~ 5ms fake> 2ms fake. 1ms (fake| run|)');
      m.flush();
      expect(fake.calls.map(({ attempt, startedAt, outcome }) => [attempt, startedAt, outcome])).toEqual([
        [1, 0, 'failed'],
        [2, 7, 'completed'],
      ]);
    }),
  );

  it(
    'plays what a function makes of the input',
    marbles((m) => {
      const fake = fakeStep(m, 'fake', (ms: number) => `${ms}ms (a|)`);
      m.expectRun(run(fake, 20)).toBe('(run> fake>) 20ms (fake. fake| run|)');
      m.expectRun(run(fake, 30)).toBe('(run> fake>) 30ms (fake. fake| run|)');
      expectTypeOf(fake).toEqualTypeOf<FakeStep<number, string>>();
    }),
  );

  it(
    'is a step as any: an operator, with methods that make new steps',
    marbles((m) => {
      const fake = fakeStep(m, 'fake', '-(a|)', { values: { a: 2 } });
      const doubled = fake.map((n) => 2 * n);
      const outputs: unknown[] = [];
      of('x')
        .pipe(doubled)
        .subscribe((emission) => isValue(emission) && outputs.push(emission.value));
      m.flush();
      expect(outputs).toEqual([4]);
      expect(fake.calls).toHaveLength(1);
    }),
  );

  it(
    'takes its output from its values and accepts any input, without casts',
    marbles((m) => {
      const record = fakeStep(m, 'a', '(a|)', { values: { a: { text: 'x' }, b: { text: 'y' } } });
      expectTypeOf<OutputOf<typeof record>>().toEqualTypeOf<{ text: string }>();
      expectTypeOf<PartialOf<typeof record>>().toEqualTypeOf<{ text: string }>();
      const letters = fakeStep(m, 'b', '(a|)');
      expectTypeOf<OutputOf<typeof letters>>().toEqualTypeOf<string>();
      expectTypeOf(letters.calls[0]?.input).toEqualTypeOf<unknown>();
      const typed = fakeStep(m, 'c', (_: { ms: number }) => '(a|)', { values: { a: 1 } });
      expectTypeOf(typed.calls[0]?.input).toEqualTypeOf<{ ms: number } | undefined>();
      // @ts-expect-error: the input is what the function takes
      run(typed, 'x');
      workflow(
        { name: 'w' },
        record.map(({ text }) => text),
      );
    }),
  );
});
