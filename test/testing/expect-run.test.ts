import { concat, delay, NEVER, of, throwError, timer } from 'rxjs';
import { run, step } from 'tutti';
import { marbles, TestingError } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { messageOf, thrownBy } from './thrown-by.ts';

const slow = step('slow', (input: string) => of(input).pipe(delay(5)));

describe('m.expectRun', () => {
  it(
    'compares the timeline of a run',
    marbles((m) => {
      m.expectRun(run(slow, 'x')).toBe('(run> slow>) 5ms (slow. slow| run|)');
    }),
  );

  it(
    'counts from the start of the run, whenever it is subscribed',
    marbles((m) => {
      m.expectRun(run(slow, 'x'), '---^').toBe('(run> slow>) 5ms (slow. slow| run|)');
    }),
  );

  it(
    'compares what was told before it was unsubscribed',
    marbles((m) => {
      m.expectRun(run(slow, 'x'), '^---!').toBe('(run> slow>)');
      m.expectRun(NEVER, '^---!').toBe('');
    }),
  );

  it('compares when it is flushed', () => {
    const wrong = marbles((m) => {
      m.expectRun(run(slow, 'x')).toBe('run>');
      expect(() => m.flush()).toThrow('the timeline is another than expected');
    });
    expect(wrong).not.toThrow();
  });

  it('fails for another timeline, and points at it', () => {
    const error = thrownBy(
      marbles((m) => {
        (function wrongHere() {
          m.expectRun(run(slow, 'x')).toBe('(run> slow>) 4ms (slow. slow| run|)');
        })();
      }),
    );
    expect(messageOf(() => expect.fail(error.message))).toContain(
      '- 4ms (slow. slow| run|)\n+ 5ms (slow. slow| run|)',
    );
    expect(error.stack).toContain('wrongHere');
  });

  it('fails for a stream that ends in an error, which no run does', () => {
    const broken = new Error('broken');
    const error = thrownBy(marbles((m) => m.expectRun(throwError(() => broken)).toBe('')));
    expect(error).toBeInstanceOf(TestingError);
    expect(error.cause).toBe(broken);
  });
});

describe('run, in a marble test', () => {
  it(
    "follows virtual time with its clock, its events' times and its durations",
    marbles((m) => {
      const read: number[] = [];
      const clocked = step('clocked', (_: null, ctx) => {
        read.push(ctx.now());
        return concat(timer(7), timer(3)).pipe((source) => {
          source.subscribe({ complete: () => read.push(ctx.now()) });
          return source;
        });
      });
      const at: number[] = [];
      timer(100).subscribe(() => run(clocked, null).subscribe((event) => at.push(event.at)));
      m.flush();
      expect(read).toEqual([100, 110]);
      expect(at).toEqual([100, 100, 107, 110, 110, 110]);
    }),
  );

  it(
    'has the id that it is given',
    marbles((m) => {
      const ids = new Set<string>();
      run(slow, 'x', { runId: 'r1' }).subscribe(({ runId }) => ids.add(runId));
      m.flush();
      expect([...ids]).toEqual(['r1']);
    }),
  );

  it(
    'is compared as any Observable, event by event',
    marbles((m) => {
      const envelope = { runId: 'r1', step: 'slow', attempt: 1 };
      const totals = { durationMs: 5, costUsd: 0 };
      m.expect(run(slow, 'x', { runId: 'r1' })).toBeObservable('(ab) - (cde|)', {
        a: {
          ...envelope,
          type: 'run.started',
          seq: 0,
          path: '',
          at: 0,
          workflow: 'slow',
          version: '',
          input: 'x',
        },
        b: { ...envelope, type: 'step.started', seq: 1, path: '/slow', at: 0, input: 'x' },
        c: { ...envelope, type: 'step.partial', seq: 2, path: '/slow', at: 5, index: 0, chunk: 'x' },
        d: {
          ...envelope,
          type: 'step.completed',
          seq: 3,
          path: '/slow',
          at: 5,
          output: 'x',
          source: 'live',
          ...totals,
        },
        e: { ...envelope, type: 'run.completed', seq: 4, path: '', at: 5, output: 'x', ...totals },
      });
    }),
  );
});
