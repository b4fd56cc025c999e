import { of } from 'rxjs';
import { DefinitionError, run, type Step, step } from 'tutti';
import { patched, sequence, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { record } from '../record.ts';

describe('patched', () => {
  it(
    'runs the newer step where nothing is kept, beside the place of the older one',
    marbles((m) => {
      const older = fakeStep(m, 'older', '--(o|)');
      const newer = fakeStep(m, 'newer', '-(n|)');
      const done = record(run(sequence(fakeStep(m, 'a', '-(a|)'), patched('v2', newer, older)), 'x'));
      m.flush();
      expect(done.output).toBe('n');
      expect(done.started).toEqual(['/a', '/older/!patched:v2']);
      expect(older.calls).toEqual([]);
    }),
  );

  it(
    'leaves the places of other steps as they were',
    marbles((m) => {
      const older = fakeStep(m, 'a', '-(o|)');
      const newer = fakeStep(m, 'b', '-(n|)');
      const a = fakeStep(m, 'a', '-(a|)');
      const done = record(run(sequence(a, patched('v2', newer, older), a), 'x'));
      m.flush();
      expect(done.started).toEqual(['/a', '/a~2/!patched:v2', '/a~3']);
    }),
  );

  it(
    'fails as the step that runs, and is cancelled as it',
    marbles((m) => {
      const step = patched('v2', fakeStep(m, 'newer', '--#'), fakeStep(m, 'older', '-(o|)'));
      m.expectRun(run(step, 'x')).toBe('(run> !patched:v2>) 2ms (!patched:v2# run#)');
      m.expectRun(run(step, 'x'), '^!').toBe('(run> !patched:v2>)');
    }),
  );

  it(
    'writes what a path cannot hold in its id otherwise',
    marbles((m) => {
      const done = record(
        run(sequence(patched('a/b', fakeStep(m, 'n', '(n|)'), fakeStep(m, 'o', '(o|)'))), 'x'),
      );
      m.flush();
      expect(done.started).toEqual(['/o/!patched:a%2Fb']);
    }),
  );

  it(
    'works in a bare pipe',
    marbles((m) => {
      const step = patched('v2', fakeStep(m, 'newer', '-(n|)'), fakeStep(m, 'older', '--(o|)'));
      m.expect(of('x').pipe(step, values())).toBeObservable('-(n|)');
    }),
  );

  it('refuses an empty id, and what is no step', () => {
    const a = step('a', () => 1);
    expect(() => patched('', a, a)).toThrow(DefinitionError);
    expect(() => patched('v2', a, undefined as never)).toThrow(DefinitionError);
    expect(() => patched('v2', 'a' as never, a)).toThrow(DefinitionError);
  });

  it('gives what either gives', () => {
    const older = step('older', (n: number) => String(n));
    const newer = step('newer', (n: number) => n);
    expectTypeOf(patched('v2', newer, older)).toEqualTypeOf<Step<number, string | number>>();
    const text = step('text', (given: string) => given);
    // @ts-expect-error: both take the same
    () => patched('v2', newer, text);
  });
});
