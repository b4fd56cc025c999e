import { of } from 'rxjs';
import { ApprovalRejectedError, DefinitionError, outputOf, run, type Step, StepTimeoutError } from 'tutti';
import { approval, fallback, parallel, retry, sequence, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';
import { sent } from '../sent.ts';
import { Timers } from '../timers.ts';

const yes = { approved: true, by: 'Ann' };
const no = { approved: false, by: 'Bob', comment: 'too long' };

describe('approval', () => {
  it(
    'gives what it took when somebody says yes',
    marbles((m) => {
      const done = record(run(approval({ name: 'legal' }), 'a poem', { signals$: sent([3, 'legal', yes]) }));
      m.flush();
      expect(done.events).toBeTimeline('(run> legal> legal=) 3ms (legal+ legal| run|)');
      expect(done.all('step.waiting')).toMatchObject([{ wait: { kind: 'approval', name: 'legal' } }]);
      expect(done.output).toBe('a poem');
    }),
  );

  it(
    'fails when somebody says no, with who it was and why, and is not tried again',
    marbles((m) => {
      const asked = approval({ name: 'legal' }).with(retry({ maxRetries: 3, delay: 1 }));
      const done = record(run(asked, 'a poem', { signals$: sent([2, 'legal', no]) }));
      m.flush();
      expect(done.events).toBeTimeline('(run> legal> legal=) 2ms (legal+ legal# run#)');
      expect(done.error).toBeInstanceOf(ApprovalRejectedError);
      expect(done.error).toMatchObject({
        code: 'APPROVAL_REJECTED',
        approval: 'legal',
        by: 'Bob',
        comment: 'too long',
        message: 'legal was rejected by Bob: too long',
      });
    }),
  );

  it(
    'lets another step take over after a no',
    marbles((m) => {
      const asked = approval({ name: 'legal' }).with(fallback(fakeStep(m, 'withdraw', '-(w|)')));
      const done = record(run(asked, 'a poem', { signals$: sent([2, 'legal', no]) }));
      m.flush();
      expect(done.output).toBe('w');
    }),
  );

  it.each([undefined, null, true, 'yes', {}, { approved: 'yes' }])(
    'takes %j for no decision, tells of it, and waits for the next',
    (payload) =>
      marbles((m) => {
        const signals$ = sent([1, 'legal', payload], [2, 'legal', { approved: true }]);
        const done = record(run(approval({ name: 'legal' }), 'a poem', { signals$ }));
        m.flush();
        expect(done.events).toBeTimeline('(run> legal> legal=) 1ms legal:log 1ms (legal+ legal| run|)');
        expect(done.all('step.log')).toMatchObject([
          { level: 'warn', message: /approved must be true or false/ },
        ]);
      })(),
  );

  it(
    'waits for several at once, each under its own name',
    marbles((m) => {
      const both = parallel({ a: approval({ name: 'legal' }), b: approval({ name: 'press' }) });
      const done = record(run(both, 'x', { signals$: sent([1, 'press', yes], [3, 'legal', yes]) }));
      m.flush();
      expect(done.output).toEqual({ a: 'x', b: 'x' });
      expect(done.all('step.resumed').map(({ at, cause }) => [at, cause])).toEqual([
        [1, 'press'],
        [3, 'legal'],
      ]);
    }),
  );

  it(
    'fails when nobody decides in time',
    marbles((m) => {
      const done = record(
        run(approval({ name: 'legal', timeout: '4ms' }), 'x', { signals$: sent([5, 'legal', yes]) }),
      );
      m.flush();
      expect(done.events).toBeTimeline('(run> legal> legal=) 4ms (legal# run#)');
      expect(done.error).toBeInstanceOf(StepTimeoutError);
    }),
  );

  it(
    'stops waiting when the run is cancelled or unsubscribed',
    marbles((m) => {
      const scheduler = new Timers();
      const asked = approval({ name: 'legal', timeout: 100 });
      m.expectRun(run(asked, 'x', { scheduler, signal: abortAfter(2) })).toBe(
        '(run> legal> legal=) 2ms (legal! run!)',
      );
      m.expectRun(run(asked, 'x', { scheduler }), '^--!').toBe('(run> legal> legal=)');
      m.flush();
      expect(scheduler.pending).toBe(0);
    }),
  );

  it(
    'ends by its time-out in a bare pipe, where nobody can answer',
    marbles((m) => {
      m.expect(of('x').pipe(approval<string>({ name: 'legal', timeout: 3 }), values())).toBeObservable(
        '---#',
        {},
        new StepTimeoutError('legal', 3),
      );
    }),
  );

  it('rejects outputOf with the very error', async () => {
    const rejected = outputOf(
      run(approval({ name: 'legal' }), 'x', { signals$: of({ name: 'legal', payload: no }) }),
    );
    await expect(rejected).rejects.toBeInstanceOf(ApprovalRejectedError);
  });

  it('refuses what cannot be part of a path, and options that mean nothing', () => {
    expect(() => approval({ name: 'a/b' })).toThrow(DefinitionError);
    expect(() => approval({} as never)).toThrow(DefinitionError);
    expect(() => approval({ name: 'a', until: 1 } as never)).toThrow(DefinitionError);
    expect(() => approval({ name: 'a', timeout: -1 })).toThrow(DefinitionError);
  });

  it('gives the type that it takes', () => {
    expectTypeOf(approval<string>({ name: 'a' })).toEqualTypeOf<Step<string, string>>();
    expectTypeOf(sequence(approval<string>({ name: 'a' }), approval<string>({ name: 'b' }))).toExtend<
      Step<string, string>
    >();
    // @ts-expect-error: it needs a name
    () => approval({});
  });
});
